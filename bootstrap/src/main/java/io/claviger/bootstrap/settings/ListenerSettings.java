package io.claviger.bootstrap.settings;

import io.claviger.domain.accounts.AddressLiteral;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The two listeners' addresses.
 *
 * @param host the name or address for both listeners, without brackets around an IPv6 address
 * @param port the port of the API and the documentation; 0 picks a free port
 * @param gatewayPort the port of the gateway; 0 picks a free port
 * @param publicGatewayUrl the URL at which callers reach the gateway through a proxy in front of
 *     it, without a trailing slash
 * @param warmUp the time for which the node sends requests to itself before it accepts requests of
 *     others
 * @param drain the time for which both listeners stay open after the node was asked to stop
 * @param tls the TLS files of both listeners; empty if the listeners serve plain HTTP
 */
public record ListenerSettings(
    String host,
    int port,
    int gatewayPort,
    Optional<URI> publicGatewayUrl,
    Duration warmUp,
    Duration drain,
    Optional<TlsSettings> tls) {
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
  private static final int LAST_PORT = 65_535;
  private static final int LONGEST_WARM_UP = 60;
  private static final int LONGEST_DRAIN = 3_600;

  /**
   * The system property with which the distribution's start script sets another default for {@code
   * warmUp}.
   */
  private static final String STANDARD_WARM_UP = "claviger.warm_up_seconds";

  static ListenerSettings read(Environment environment) {
    return read(environment, Integer.getInteger(STANDARD_WARM_UP, 0));
  }

  /**
   * @param standardWarmUp the number of seconds of the warm-up if no variable sets it
   */
  static ListenerSettings read(Environment environment, int standardWarmUp) {
    int port = (int) environment.number("CLAVIGER_PORT", 0, LAST_PORT, 8080);
    int gatewayPort = (int) environment.number("CLAVIGER_GATEWAY_PORT", 0, LAST_PORT, 8081);
    if (port == gatewayPort && port != 0) {
      environment.fault("CLAVIGER_PORT", "and CLAVIGER_GATEWAY_PORT are the same: use two");
    }
    return new ListenerSettings(
        host(environment),
        port,
        gatewayPort,
        publicGatewayUrl(environment),
        Duration.ofSeconds(
            environment.number("CLAVIGER_WARM_UP_SECONDS", 0, LONGEST_WARM_UP, standardWarmUp)),
        Duration.ofSeconds(environment.number("CLAVIGER_DRAIN_SECONDS", 0, LONGEST_DRAIN, 0)),
        TlsSettings.read(environment));
  }

  /**
   * Returns the URL of a listener on this host. If the listener listens on all addresses of this
   * machine, the URL's host is {@code localhost}.
   */
  public URI url(int boundPort) {
    String name = WILDCARDS.contains(host) ? "localhost" : host;
    String scheme = tls.isPresent() ? "https://" : "http://";
    return URI.create(scheme + (name.contains(":") ? "[" + name + "]" : name) + ":" + boundPort);
  }

  /**
   * Whether only programs on this machine can connect to the listeners. Does not resolve host
   * names.
   */
  public boolean areLocal() {
    return AddressLiteral.isThisMachine(host);
  }

  public URI gatewayUrl(int boundPort) {
    return publicGatewayUrl.orElseGet(() -> url(boundPort));
  }

  private static String host(Environment environment) {
    String host = environment.text("CLAVIGER_HOST").orElse("127.0.0.1");
    String bare = host.matches("\\[.*:.*]") ? host.substring(1, host.length() - 1) : host;
    if (!bare.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      environment.fault("CLAVIGER_HOST", "must be a host name or an address, without a port");
    }
    return bare;
  }

  private static Optional<URI> publicGatewayUrl(Environment environment) {
    return environment
        .text("CLAVIGER_GATEWAY_URL")
        .flatMap(
            text -> {
              Optional<URI> url = baseUrl(text.replaceAll("/+$", ""));
              if (url.isEmpty()) {
                environment.fault(
                    "CLAVIGER_GATEWAY_URL",
                    "must be http:// or https:// with a host, without user, query or fragment");
              }
              return url;
            });
  }

  /** Parses a URL to which paths can be appended; empty if the text is not such a URL. */
  static Optional<URI> baseUrl(String text) {
    try {
      URI url = new URI(text);
      boolean web =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      boolean plain =
          url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && url.getPort() != 0
              && url.getPort() <= LAST_PORT;
      return web && plain && url.getHost() != null ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
