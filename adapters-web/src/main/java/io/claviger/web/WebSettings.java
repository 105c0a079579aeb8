package io.claviger.web;

import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.TokenText;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.ServerLimits;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * The settings of the API's server.
 *
 * @param host the address on which to listen
 * @param port the port on which to listen; 0 picks a free port
 * @param urls the URLs at which callers reach the API and the gateway of this node
 * @param limits how many connections and requests callers may use, and how long each of these may
 *     take
 * @param trustedProxies the proxies whose forwarding headers are believed; such headers from other
 *     senders are ignored
 * @param certificateHeader the header in which the trusted proxies forward the certificates of
 *     their callers; empty if they forward no certificates
 * @param tls creates the server's side of each TLS connection; empty for plain HTTP
 * @param metricsToken the token that a request for {@code /metrics} requires; if empty, anyone may
 *     read the metrics
 * @param version the version of Claviger that the manifest shows
 */
public record WebSettings(
    String host,
    int port,
    NodeUrls urls,
    ServerLimits limits,
    AddressNets trustedProxies,
    Optional<String> certificateHeader,
    Optional<Supplier<SSLEngine>> tls,
    Optional<TokenText> metricsToken,
    String version) {}
