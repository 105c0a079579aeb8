package io.claviger.domain.identity;

import io.claviger.domain.InvalidValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * The issuer identifier of an OpenID provider: an https URL without user, query and fragment, at
 * most 1,024 characters. Plain http is allowed only for loopback addresses of this machine. Issuers
 * are compared character by character, as OpenID Connect demands.
 */
public record Issuer(String value) {
  private static final int LONGEST = 1_024;
  private static final int LAST_PORT = 65_535;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public Issuer {
    if (value.length() > LONGEST || !isAllowed(value)) {
      throw new InvalidValue(
          "issuer", "an https URL without query and fragment; plain http only for this machine");
    }
  }

  private static boolean isAllowed(String value) {
    try {
      URI uri = new URI(value);
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getPort() != 0
          && uri.getPort() <= LAST_PORT
          && isSafe(uri);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether requests to the issuer are always encrypted or stay on this machine. */
  public static boolean isSafe(URI uri) {
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost()));
  }

  public URI uri() {
    return URI.create(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
