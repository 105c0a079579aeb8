package io.claviger.gateway.out;

import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings for calls to providers and for connection checks.
 *
 * @param ownListeners the addresses on which Claviger itself listens; no connection to them is
 *     permitted
 * @param resolver the object that resolves the host names of providers; it is never called on an
 *     event loop
 * @param trust a TLS context that replaces the JDK's trusted authorities; even with such a context,
 *     host names are verified
 */
public record OutboundSettings(
    AllowedPrivateHosts allowedPrivateHosts,
    Supplier<List<InetSocketAddress>> ownListeners,
    AddressResolver resolver,
    Optional<SslContext> trust) {

  /**
   * Returns settings that permit only globally reachable addresses, with the system's resolver and
   * trusted authorities.
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
