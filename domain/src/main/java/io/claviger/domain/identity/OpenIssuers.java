package io.claviger.domain.identity;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Large OpenID providers where anybody can open an account. An account at such a provider does not
 * prove that its owner belongs to a certain organization. The list might be incomplete.
 */
public final class OpenIssuers {
  /** The hosts at which anybody can open an account, whatever the path of the issuer is. */
  private static final Set<String> HOSTS =
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

  /**
   * Microsoft's tenants in which anybody can have an account. The last entry is the id of the
   * tenant for personal accounts.
   */
  private static final Set<String> OPEN_TENANTS =
      Set.of("common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad");

  private OpenIssuers() {}

  /**
   * Whether anybody can have an account with this issuer. True for Google and similar issuers, and
   * for the tenants of Microsoft Entra that accept users of all tenants.
   */
  public static boolean contain(Issuer issuer) {
    URI uri = issuer.uri();
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (ENTRA_HOSTS.contains(host)) {
      String[] path = uri.getRawPath().split("/", -1);
      return path.length < 2 || OPEN_TENANTS.contains(path[1].toLowerCase(Locale.ROOT));
    }
    return HOSTS.contains(host);
  }
}
