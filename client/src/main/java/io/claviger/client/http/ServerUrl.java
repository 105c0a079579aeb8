package io.claviger.client.http;

import io.claviger.client.faults.ClientFault;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Reads and checks the address of a server's API. */
public final class ServerUrl {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final int HIGHEST_PORT = 65_535;

  private ServerUrl() {}

  /**
   * Reads an address. If the text has no scheme, the scheme {@code https} is assumed.
   *
   * @param plain whether plain HTTP may be used over a network, where others can read the access
   *     token
   */
  public static URI of(String text, boolean plain) {
    URI address = parsed(text.contains("://") ? text : "https://" + text);
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    if (address.getHost() == null
        || !hasPossiblePort(address)
        || address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null
        || !(scheme.equals("https") || scheme.equals("http"))) {
      throw invalid();
    }
    if (!plain && isReadable(address)) {
      throw ClientFault.of(
          "over http://, others on the network could read the access token",
          "Use https://, or say --plain-http if the network is yours alone.");
    }
    return URI.create(
        "%s://%s%s"
            .formatted(scheme, address.getRawAuthority(), path(address))
            .replaceFirst("/+$", ""));
  }

  /**
   * Whether others on the network could read what is sent to this address. A host with an
   * underscore in its name counts as no host in a {@link URI}, and is not this machine.
   */
  static boolean isReadable(URI address) {
    return "http".equalsIgnoreCase(address.getScheme())
        && (address.getHost() == null || !THIS_MACHINE.contains(address.getHost()));
  }

  /** Whether an address has a valid port or no port. */
  static boolean hasPossiblePort(URI address) {
    return address.getPort() <= HIGHEST_PORT;
  }

  private static String path(URI address) {
    return address.getRawPath() == null ? "" : address.getRawPath();
  }

  private static URI parsed(String text) {
    try {
      return new URI(text.strip());
    } catch (URISyntaxException e) {
      throw invalid();
    }
  }

  private static ClientFault invalid() {
    return ClientFault.of("URL is the address of a Claviger, such as https://claviger.example.com");
  }
}
