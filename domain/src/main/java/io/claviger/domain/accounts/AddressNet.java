package io.claviger.domain.accounts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A network of IP addresses with the same leading bits. A single address is a network too. All
 * settings with networks are read by this class, so that a text means the same network in each
 * setting.
 *
 * @param base the first address of the network, in which all bits after the shared bits are zero
 * @param bits the number of leading bits that all addresses of the network share: 0 to 32 for IPv4,
 *     0 to 128 for IPv6
 */
public record AddressNet(InetAddress base, int bits) {
  private static final int NO_BITS = -1;
  private static final int IPV4_BITS = 32;

  /** The number of bits that precede the IPv4 address in an IPv4-mapped IPv6 address. */
  private static final int MAPPED_BITS = 96;

  /**
   * Parses an address, or a net in CIDR notation (RFC 4632, 3.1) such as {@code 10.1.0.0/16}. Host
   * names are never looked up. Returns the network; empty if the text is neither an address nor a
   * net. The result is also empty if the base has bits set after the shared bits, because then
   * either the base or the number of bits is wrong.
   *
   * <p>A net of IPv4 addresses that are mapped into IPv6 (RFC 4291, 2.5.5.2) is read as the IPv4
   * net: {@code ::ffff:10.0.0.0/104} is {@code 10.0.0.0/8}. A mapped base with fewer than 96 shared
   * bits always has bits set after the shared bits, so the result is empty.
   */
  public static Optional<AddressNet> parse(String text) {
    return written(text).filter(net -> !net.hasOtherBits());
  }

  /**
   * If the base address of a network has bits set after the prefix, explains why the network is
   * refused. The result is a sentence without a full stop. The result is empty if the text is not a
   * network, or if its base address has no bits set after the prefix.
   */
  public static Optional<String> otherBits(String text) {
    Optional<String> mapped = shortPrefix(text);
    if (mapped.isPresent()) {
      return mapped;
    }
    return written(text)
        .filter(AddressNet::hasOtherBits)
        .map(
            net ->
                "%s has bits beyond its prefix: write %s/%d for the net, or %s for the address"
                    .formatted(
                        text,
                        net.first().getHostAddress(),
                        net.bits,
                        text.substring(0, text.indexOf('/'))));
  }

  /**
   * Explains why a network is refused if its base is an IPv4-mapped address and its prefix has
   * fewer than 96 bits. The result is empty for any other text. If the prefix would be possible for
   * an IPv4 address, the explanation names the IPv4 network with this prefix.
   */
  private static Optional<String> shortPrefix(String text) {
    int slash = text.indexOf('/');
    int bits = slash < 0 ? NO_BITS : parseBits(text.substring(slash + 1));
    if (bits == NO_BITS || bits >= MAPPED_BITS || !isMapped(text.substring(0, slash))) {
      return Optional.empty();
    }
    InetAddress address = AddressLiteral.parse(text.substring(0, slash)).orElseThrow();
    int meant = bits <= IPV4_BITS ? bits : 0;
    String net = new AddressNet(address, meant).first().getHostAddress();
    return Optional.of(
        ("%s has a prefix of fewer than %d bits, so it is no network of IPv4 addresses: write %s/%d"
                + " or ::ffff:%s/%d for the net")
            .formatted(text, MAPPED_BITS, net, meant, net, MAPPED_BITS + meant));
  }

  /** Whether a text is an IPv4 address that is mapped into IPv6. */
  private static boolean isMapped(String address) {
    return address.indexOf(':') >= 0
        && AddressLiteral.parse(address).filter(Inet4Address.class::isInstance).isPresent();
  }

  /** Whether this network contains all addresses of its family (IPv4 or IPv6). */
  public boolean isEverything() {
    return bits == 0;
  }

  /** Reads a network, even if its base address has bits set after the prefix. */
  private static Optional<AddressNet> written(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> base = AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    return base.flatMap(
        address -> {
          int most = address.getAddress().length * 8;
          int before = slash >= 0 && isMapped(text.substring(0, slash)) ? MAPPED_BITS : 0;
          int bits = slash < 0 ? most : parseBits(text.substring(slash + 1)) - before;
          return bits < 0 || bits > most
              ? Optional.empty()
              : Optional.of(new AddressNet(address, bits));
        });
  }

  public static AddressNet of(InetAddress address) {
    return new AddressNet(address, address.getAddress().length * 8);
  }

  /**
   * Whether an address is in this network. IPv4 addresses are never in an IPv6 network, and IPv6
   * addresses are never in an IPv4 network.
   */
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

  /** Whether every address of this network is in another network. */
  public boolean isWithin(AddressNet other) {
    return bits >= other.bits && other.contains(base);
  }

  /** The network in CIDR notation, which {@link #parse} reads. */
  public String text() {
    return base.getHostAddress() + "/" + bits;
  }

  private boolean hasOtherBits() {
    return !first().equals(base);
  }

  /** Returns the base address with the bits after the shared bits set to zero. */
  private InetAddress first() {
    byte[] address = base.getAddress();
    for (int i = 0; i < address.length; i++) {
      address[i] &= (byte) mask(i, bits);
    }
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the JDK does not accept 4 or 16 bytes as an address", e);
    }
  }

  /** Returns a mask for the bits of a byte that belong to the network's shared leading bits. */
  private static int mask(int index, int bits) {
    int within = Math.max(0, Math.min(8, bits - index * 8));
    return (0xff << (8 - within)) & 0xff;
  }

  private static int parseBits(String digits) {
    return digits.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(digits) : NO_BITS;
  }
}
