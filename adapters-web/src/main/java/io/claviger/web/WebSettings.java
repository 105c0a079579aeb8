package io.claviger.web;

import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.pages.Pages;
import io.claviger.web.server.ServerLimits;
import java.net.URI;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * How the API is served.
 *
 * @param host the address to listen on
 * @param port the port to listen on, or 0 for any free port
 * @param gatewayUrl returns the beginning of every {@code gateway_url}, without a trailing slash;
 *     it is called for each answer, since the gateway may start to listen after the API
 * @param url returns where callers reach the API, without a trailing slash, from the port that it
 *     listens on
 * @param pages how people sign in with a browser
 * @param limits how many connections and requests callers may use, and how long these may take
 * @param trustedProxies the proxies whose forwarding headers are believed; no others are
 * @param metricsToken the token that {@code /metrics} requires; if empty, anyone may read it
 * @param version the version of Claviger that the manifest shows
 */
public record WebSettings(
    String host,
    int port,
    Supplier<String> gatewayUrl,
    IntFunction<URI> url,
    Pages.Settings pages,
    ServerLimits limits,
    AddressNets trustedProxies,
    Optional<TokenText> metricsToken,
    String version) {}
