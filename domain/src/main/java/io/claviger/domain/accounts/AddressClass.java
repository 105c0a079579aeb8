package io.claviger.domain.accounts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * The kind of an address, according to IANA's registries of special-purpose addresses (RFC 6890) as
 * of 2026. IPv4 addresses that are embedded in an IPv6 address are checked in the same way.
 */
public enum AddressClass {
  /**
   * The address is link-local, or it is the address of a metadata service from which machines in a
   * cloud get secrets.
   */
  FORBIDDEN,
  /** The address is marked as globally reachable. */
  GLOBAL,
  /** The address is private, reserved, or not marked as globally reachable. */
  OTHER;

  private static final AddressRange FORBIDDEN_RANGES =
      AddressRange.anyOf(
          "169.254.0.0/16",
          "fe80::/10",
          "169.254.169.254",
          "169.254.170.2",
          "100.100.100.200",
          "168.63.129.16",
          "192.0.0.192", // Oracle Cloud Classic
          "fd00:ec2::/32", // Amazon: metadata, and credentials of pods and containers
          "fd20:ce::254", // Google
          "fd00:c1::a9fe:a9fe", // Oracle
          "fd00:42::42", // Scaleway
          "fd00:a9fe:a9fe::1", // Akamai (Linode)
          "fd00:100::100:200"); // Alibaba

  private static final AddressRange SPECIAL_IPV4 =
      AddressRange.anyOf(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24", // the deprecated relays of 6to4: not marked
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4", // multicast, which the registries do not list
          "240.0.0.0/4");
  private static final AddressRange GLOBAL_WITHIN_SPECIAL_IPV4 =
      AddressRange.anyOf("192.0.0.9", "192.0.0.10");

  // The only IPv6 block that IANA assigns to unicast networks, and the special addresses within it.
  // Addresses of Teredo and 6to4 are special, too: they are not marked as globally reachable, and
  // packets to them reach the embedded IPv4 address.
  private static final AddressRange UNICAST_IPV6 = AddressRange.anyOf("2000::/3");
  private static final AddressRange SPECIAL_IPV6 =
      AddressRange.anyOf("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
  private static final AddressRange GLOBAL_WITHIN_SPECIAL_IPV6 =
      AddressRange.anyOf(
          "2001:1::1",
          "2001:1::2",
          "2001:1::3",
          "2001:3::/32",
          "2001:4:112::/48",
          "2001:20::/28",
          "2001:30::/28");
  private static final AddressRange TRANSLATED = AddressRange.anyOf("64:ff9b::/96");

  public static AddressClass of(InetAddress address) {
    AddressClass outer = ofOuter(address);
    List<Inet4Address> inner = EmbeddedAddresses.of(address);
    AddressClass worst = outer;
    for (Inet4Address embedded : inner) {
      AddressClass its = ofOuter(embedded);
      if (its == FORBIDDEN || worst == FORBIDDEN) {
        return FORBIDDEN;
      }
      worst = its == GLOBAL ? worst : OTHER;
    }
    return worst;
  }

  private static AddressClass ofOuter(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (FORBIDDEN_RANGES.contains(bytes)) {
      return FORBIDDEN;
    }
    boolean global =
        bytes.length == 4
            ? !SPECIAL_IPV4.contains(bytes) || GLOBAL_WITHIN_SPECIAL_IPV4.contains(bytes)
            : TRANSLATED.contains(bytes)
                || (UNICAST_IPV6.contains(bytes)
                    && (!SPECIAL_IPV6.contains(bytes)
                        || GLOBAL_WITHIN_SPECIAL_IPV6.contains(bytes)));
    return global ? GLOBAL : OTHER;
  }
}
