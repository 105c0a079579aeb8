package io.claviger.gateway.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Decides which addresses the gateway connects to. It checks addresses, not names: the address that
 * is checked is the one that is connected to, however it was written or resolved.
 *
 * <ul>
 *   <li>Never: link-local addresses, cloud metadata, Claviger's own listeners. There are no
 *       exceptions.
 *   <li>For users' services: addresses that IANA marks as globally reachable, and the operator's
 *       exceptions.
 *   <li>For system-level services: all other addresses too.
 *   <li>A secret is sent in clear text only to addresses that are not globally reachable.
 * </ul>
 */
public final class AddressPolicy {
  private final AllowedPrivateHosts exceptions;
  private final Supplier<List<InetSocketAddress>> ownListeners;
  private final Predicate<InetAddress> local;

  /**
   * @param local whether an address belongs to this machine
   */
  public AddressPolicy(
      AllowedPrivateHosts exceptions,
      Supplier<List<InetSocketAddress>> ownListeners,
      Predicate<InetAddress> local) {
    this.exceptions = exceptions;
    this.ownListeners = ownListeners;
    this.local = local;
  }

  /**
   * Returns whether the address may be connected to. May block for a moment if the port is one of
   * Claviger's own.
   *
   * @param host the host as the endpoint names it, because exceptions may be names
   */
  public boolean permits(String host, InetAddress address, int port, AddressScope reach) {
    return switch (AddressClass.of(address)) {
      case FORBIDDEN -> false;
      case GLOBAL -> !reach.secretInClear() && !isOwn(address, port);
      case OTHER ->
          (reach.systemLevel() || exceptions.include(host, address, port)) && !isOwn(address, port);
    };
  }

  private boolean isOwn(InetAddress address, int port) {
    return ownListeners.get().stream().anyMatch(own -> own.getPort() == port)
        && (isThisMachine(address)
            || EmbeddedAddresses.of(address).stream().anyMatch(this::isThisMachine));
  }

  private boolean isThisMachine(InetAddress address) {
    return address.isLoopbackAddress() || address.isAnyLocalAddress() || local.test(address);
  }

  /**
   * The kind of an address, by IANA's registries of special-purpose addresses (RFC 6890) as of
   * 2026. IPv4 addresses that are embedded in an IPv6 address are checked too.
   */
  private enum AddressClass {
    /** Link-local, or a metadata service from which machines in a cloud get secrets. */
    FORBIDDEN,
    /** Marked as globally reachable. */
    GLOBAL,
    /** Private, reserved, or not marked as globally reachable. */
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

    // The only block that IANA assigns to unicast networks, and the special addresses within it.
    // Teredo and 6to4 are not marked; they lead to the embedded IPv4 address.
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

    static AddressClass of(InetAddress address) {
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
}
