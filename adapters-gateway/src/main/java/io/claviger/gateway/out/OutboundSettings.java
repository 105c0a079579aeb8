package io.claviger.gateway.out;

import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings for calls and for connection checks of providers.
 *
 * @param ownListeners the addresses on which Claviger itself listens; nothing may connect to them
 * @param resolver the resolver of providers' host names; never called on an event loop
 * @param trust a TLS context that replaces the authorities that the JDK trusts; host names are
 *     verified in any case
 */
public record OutboundSettings(
    AllowedPrivateHosts allowedPrivateHosts,
    Supplier<List<InetSocketAddress>> ownListeners,
    AddressResolver resolver,
    Optional<SslContext> trust) {

  /**
   * Returns settings that permit only globally reachable addresses, and that use the system's
   * resolver and the authorities that the system trusts.
   */
  public static OutboundSettings strict() {
    return new OutboundSettings(
        AllowedPrivateHosts.none(), List::of, AddressResolver.system(), Optional.empty());
  }

  public OutboundSettings withAllowedPrivateHosts(AllowedPrivateHosts hosts) {
    return new OutboundSettings(hosts, ownListeners, resolver, trust);
  }

  public OutboundSettings withOwnListeners(Supplier<List<InetSocketAddress>> listeners) {
    return new OutboundSettings(allowedPrivateHosts, listeners, resolver, trust);
  }

  public OutboundSettings withResolver(AddressResolver other) {
    return new OutboundSettings(allowedPrivateHosts, ownListeners, other, trust);
  }

  public OutboundSettings withTrust(SslContext client) {
    return new OutboundSettings(allowedPrivateHosts, ownListeners, resolver, Optional.of(client));
  }
}
