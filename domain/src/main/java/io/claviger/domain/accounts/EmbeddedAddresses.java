package io.claviger.domain.accounts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the IPv4 addresses that are embedded in an IPv6 address. A host, relay or translator might
 * forward packets for the IPv6 address to these IPv4 addresses.
 */
public final class EmbeddedAddresses {
  private static final AddressRange COMPATIBLE_MAPPED_TRANSLATED =
      AddressRange.anyOf("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96");
  private static final AddressRange LOCAL_NAT64 = AddressRange.anyOf("64:ff9b:1::/48");
  private static final AddressRange SIX_TO_FOUR = AddressRange.anyOf("2002::/16");
  private static final AddressRange TEREDO = AddressRange.anyOf("2001::/32");

  private EmbeddedAddresses() {}

  public static List<Inet4Address> of(InetAddress address) {
    byte[] b = address.getAddress();
    if (b.length == 4) {
      return List.of();
    }
    List<Inet4Address> found = new ArrayList<>(4);
    if (COMPATIBLE_MAPPED_TRANSLATED.contains(b)) {
      found.add(address(b[12], b[13], b[14], b[15]));
    }
    if (LOCAL_NAT64.contains(b)) {
      // The embedded address follows a prefix of 48, 56, 64 or 96 bits (RFC 6052, 2.2). Because
      // only the operator of the translator knows the prefix's length, the embedded address for
      // each possible length is added.
      found.add(address(b[6], b[7], b[9], b[10]));
      found.add(address(b[7], b[9], b[10], b[11]));
      found.add(address(b[9], b[10], b[11], b[12]));
      found.add(address(b[12], b[13], b[14], b[15]));
    }
    if (SIX_TO_FOUR.contains(b)) {
      found.add(address(b[2], b[3], b[4], b[5]));
    }
    if (TEREDO.contains(b)) {
      found.add(address(b[4], b[5], b[6], b[7]));
      found.add(address(~b[12], ~b[13], ~b[14], ~b[15]));
    }
    if (isIsatap(b)) {
      found.add(address(b[12], b[13], b[14], b[15]));
    }
    return found;
  }

  /**
   * Whether the last 64 bits are an interface identifier of ISATAP (RFC 5214, 6.1). The prefix of
   * the address does not matter.
   */
  private static boolean isIsatap(byte[] b) {
    return (b[8] & 0xfc) == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == (byte) 0xfe;
  }

  private static Inet4Address address(int a, int b, int c, int d) {
    try {
      return (Inet4Address)
          InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the JDK does not accept four bytes as an IPv4 address", e);
    }
  }
}
