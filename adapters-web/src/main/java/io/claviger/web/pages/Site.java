package io.claviger.web.pages;

import io.claviger.domain.accounts.AddressLiteral;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address at which a browser reaches the pages of this server.
 *
 * @param origin scheme, host and port, as browsers write an origin
 */
record Site(String origin, TransportSafety transport) {
  /** Whether browsers can safely keep a session's cookie for this address. */
  public enum TransportSafety {
    /** Encrypted. */
    HTTPS,
    /** Plain HTTP on a connection that does not leave this machine. */
    LOOPBACK,
    /** Plain HTTP on a connection that other people might be able to read. Nobody can sign in. */
    EXPOSED
  }

  /**
   * Returns the site to which a request was sent.
   *
   * @param publicUrl the URL at which browsers reach the server, if the operator has set it; in
   *     that case, the other arguments are ignored
   * @param host the value of the request's {@code Host} header; null if the request has none
   * @param peer the address of the other end of the connection
   * @param encrypted whether the connection uses TLS
   */
  static Site of(Optional<URI> publicUrl, @Nullable String host, String peer, boolean encrypted) {
    if (publicUrl.isPresent()) {
      return ofPublic(publicUrl.get());
    }
    String named = host == null ? "" : host.toLowerCase(Locale.ROOT);
    if (encrypted) {
      return new Site("https://" + named, TransportSafety.HTTPS);
    }
    boolean local =
        AddressLiteral.isThisMachine(peer)
            && hostOf(named).filter(AddressLiteral::isThisMachine).isPresent();
    return new Site("http://" + named, local ? TransportSafety.LOOPBACK : TransportSafety.EXPOSED);
  }

  private static Site ofPublic(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    String host = url.getHost().toLowerCase(Locale.ROOT);
    boolean encrypted = scheme.equals("https");
    int usual = encrypted ? 443 : 80;
    String port = url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort();
    TransportSafety plain =
        AddressLiteral.isThisMachine(host) ? TransportSafety.LOOPBACK : TransportSafety.EXPOSED;
    return new Site(scheme + "://" + host + port, encrypted ? TransportSafety.HTTPS : plain);
  }

  boolean allowsSignIn() {
    return transport != TransportSafety.EXPOSED;
  }

  /**
   * Whether a form comes from a page of this site (Fetch Metadata; RFC 6454). If the browser sends
   * {@code Sec-Fetch-Site}, the origin is allowed to be {@code null}, because these pages send no
   * referrer.
   */
  boolean isOriginOf(@Nullable String fetchSite, @Nullable String from) {
    boolean named = origin.equalsIgnoreCase(from);
    if (fetchSite == null) {
      return named;
    }
    return fetchSite.equals("same-origin") && (named || from == null || from.equals("null"));
  }

  private static Optional<String> hostOf(String authority) {
    try {
      URI url = new URI("http://" + authority);
      boolean bare = url.getRawUserInfo() == null && url.getRawPath().isEmpty();
      return bare ? Optional.ofNullable(url.getHost()) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
