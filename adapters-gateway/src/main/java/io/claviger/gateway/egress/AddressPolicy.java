package io.claviger.gateway.egress;

import io.claviger.domain.accounts.AddressClass;
import io.claviger.domain.accounts.EmbeddedAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Decides which addresses the gateway connects to. The policy checks IP addresses, not names: the
 * gateway connects to exactly the address that was checked, so spellings and name resolution do not
 * matter.
 *
 * <ul>
 *   <li>Never permitted: link-local addresses, addresses of cloud metadata services, and the
 *       addresses on which Claviger itself listens. There are no exceptions to this rule.
 *   <li>Permitted for users' services: addresses that IANA marks as globally reachable, and the
 *       exceptions that the operator sets.
 *   <li>Permitted for system-level services: all addresses except those that are never permitted.
 *   <li>A secret is sent in clear text only to addresses that are not globally reachable.
 * </ul>
 */
public final class AddressPolicy {
  private final AllowedPrivateHosts exceptions;
  private final Supplier<List<InetSocketAddress>> ownListeners;
  private final Predicate<InetAddress> local;

  /**
   * @param local a function that says whether an address belongs to the machine on which Claviger
   *     runs
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
   * Returns whether the gateway may connect to the address. The method can block for a moment if
   * the port is one on which Claviger itself listens.
   *
   * @param host the host as spelled in the service's endpoint; needed because the operator's
   *     exceptions can be names
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
}
