package io.claviger.web;

import io.claviger.domain.accounts.TokenText;
import io.claviger.web.server.ServerLimits;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How the API is served.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free
 * @param gatewayUrl what {@code gateway_url} begins with, without a trailing slash; asked with each
 *     answer, since the gateway may come to listen after the API
 * @param limits what callers may take of the listener
 * @param trustedProxies only from these are forwarding headers believed
 * @param metricsToken what {@code /metrics} is asked with; empty for anyone
 * @param version of Claviger, for the manifest
 */
public record WebSettings(
    String host,
    int port,
    Supplier<String> gatewayUrl,
    ServerLimits limits,
    Set<InetAddress> trustedProxies,
    Optional<TokenText> metricsToken,
    String version) {
  public WebSettings {
    trustedProxies = Set.copyOf(trustedProxies);
  }
}
