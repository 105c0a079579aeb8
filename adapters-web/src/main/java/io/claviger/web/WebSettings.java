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
 * @param limits the maximum numbers of connections and requests, and their maximum durations
 * @param trustedProxies the proxies whose forwarding headers are trusted; forwarding headers from
 *     other senders are ignored
 * @param certificateHeader the header in which the trusted proxies forward the certificates of
 *     their callers; empty if they forward no certificates
 * @param tls a function that creates the server's side of each TLS connection; if empty, the server
 *     speaks plain HTTP
 * @param metricsToken the token that requests for {@code /metrics} must present; if empty, anyone
 *     may read the metrics
 * @param version the version of Claviger in the manifest
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
