package io.claviger.domain.identity;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressLiteral;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * The issuer identifier of an OpenID provider (OpenID Connect Core, 1.2): an {@code https} URL
 * without user, query and fragment, or {@code http} if its host is this machine. Two issuers are
 * the same only if their texts are, character by character.
 *
 * @param value the text as it was given, of at most 512 characters
 */
public record Issuer(String value) {
  private static final int LONGEST = 512;
  private static final int LAST_PORT = 65_535;
  private static final String ALLOWED =
      "an https:// URL without user, query and fragment; http:// only for this machine";

  /** Hosts at which anybody can open an account, whatever follows in the path. */
  private static final Set<String> OPEN_HOSTS =
      Set.of(
          "accounts.google.com",
          "appleid.apple.com",
          "gitlab.com",
          "github.com",
          "login.yahoo.com",
          "api.login.yahoo.com",
          "www.facebook.com",
          "www.linkedin.com",
          "id.twitch.tv",
          "login.salesforce.com",
          "slack.com",
          "www.paypal.com",
          "access.line.me");

  private static final Set<String> ENTRA_HOSTS =
      Set.of("login.microsoftonline.com", "login.windows.net", "sts.windows.net");

  /** The last is the tenant in which Microsoft keeps private people's accounts. */
  private static final Set<String> OPEN_TENANTS =
      Set.of("common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad");

  /**
   * @throws InvalidValue of the field {@code issuer}
   */
  public Issuer {
    if (value.length() > LONGEST || !isIssuer(value)) {
      throw new InvalidValue("issuer", ALLOWED);
    }
  }

  public URI url() {
    return URI.create(value);
  }

  /**
   * Whether anybody can have an account with this provider, so that having one says nothing about
   * belonging to an organization. Known are the large ones, such as Google and the tenants of
   * Microsoft Entra that stand for all of them.
   */
  public boolean isOpenToAnybody() {
    URI url = url();
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (ENTRA_HOSTS.contains(host)) {
      String[] path = url.getRawPath().split("/", -1);
      return path.length < 2 || OPEN_TENANTS.contains(path[1].toLowerCase(Locale.ROOT));
    }
    return OPEN_HOSTS.contains(host);
  }

  /** Whether a host is this machine: {@code localhost}, or a literal loopback address. */
  public static boolean isThisMachine(String host) {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return bare.equalsIgnoreCase("localhost")
        || AddressLiteral.parse(bare).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  private static boolean isIssuer(String text) {
    try {
      URI url = new URI(text);
      boolean plain =
          url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && url.getPort() <= LAST_PORT;
      return plain
          && ("https".equalsIgnoreCase(url.getScheme())
              || ("http".equalsIgnoreCase(url.getScheme()) && isThisMachine(url.getHost())));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
