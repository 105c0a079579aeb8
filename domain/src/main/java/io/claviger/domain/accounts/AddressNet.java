package io.claviger.domain.accounts;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A net of IP addresses that have the same first bits. A single address is a net of its own.
 *
 * @param base an address of the net, whose other bits are zero
 * @param bits how many bits its addresses share: 1 to 32 for IPv4, 1 to 128 for IPv6
 */
public record AddressNet(InetAddress base, int bits) {
  /**
   * Parses an address, or a net in CIDR notation (RFC 4632, 3.1) such as {@code 10.1.0.0/16}. Names
   * are never looked up.
   *
   * @return the net; empty for any other text, for a net of all addresses, and for a base that has
   *     bits beyond the shared ones, because one of the two numbers is then wrong
   */
  public static Optional<AddressNet> parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> base = AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    return base.flatMap(
        address -> {
          int most = address.getAddress().length * 8;
          int bits = slash < 0 ? most : parseBits(text.substring(slash + 1));
          return bits < 1 || bits > most || hasOtherBits(address.getAddress(), bits)
              ? Optional.empty()
              : Optional.of(new AddressNet(address, bits));
        });
  }

  public static AddressNet of(InetAddress address) {
    return new AddressNet(address, address.getAddress().length * 8);
  }

  /** Whether an address is in this net. The two families have no address in common. */
  public boolean contains(InetAddress address) {
    byte[] ours = base.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int i = 0; i * 8 < bits; i++) {
      if (((ours[i] ^ theirs[i]) & mask(i, bits)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasOtherBits(byte[] address, int bits) {
    for (int i = 0; i < address.length; i++) {
      if ((address[i] & 0xff & ~mask(i, bits)) != 0) {
        return true;
      }
    }
    return false;
  }

  /** The bits of a byte that are among the first bits of an address. */
  private static int mask(int index, int bits) {
    int within = Math.max(0, Math.min(8, bits - index * 8));
    return (0xff << (8 - within)) & 0xff;
  }

  private static int parseBits(String digits) {
    return digits.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(digits) : 0;
  }
}
