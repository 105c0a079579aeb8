package io.claviger.wiring;

import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.trusts.port.JwtVerifier;
import io.claviger.domain.scim.ScimSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The options for how people and programs sign in.
 *
 * @param local the rule that says which users may sign in without the identity provider
 * @param openId the identity provider; empty if there is none
 * @param publicUrl the URL at which browsers and programs reach the API, and the required audience
 *     of programs' JWTs
 * @param jwts the verifier of programs' JWTs. If it is empty, no JWTs are exchanged. A closeable
 *     verifier is closed together with the node
 * @param scim the operator's settings for users that an identity provider manages by SCIM
 */
public record SignInOptions(
    LocalSignIn local,
    Optional<OpenId> openId,
    Optional<URI> publicUrl,
    Optional<JwtVerifier> jwts,
    ScimSettings scim) {
  /** Creates options without exchanging programs' JWTs. */
  public SignInOptions(LocalSignIn local, Optional<OpenId> openId) {
    this(local, openId, Optional.empty(), Optional.empty(), ScimSettings.DEFAULT);
  }

  /** Options without an identity provider: everybody may sign in with a link or a token. */
  public static final SignInOptions LOCAL =
      new SignInOptions(new LocalSignIn(true), Optional.empty());

  /**
   * Returns how long a user's access tokens are accepted after the user's last sign-in, if the
   * provider is not asked about the user again.
   */
  Duration maxAge() {
    return openId
        .map(provider -> provider.settings().maxAge())
        .orElse(OidcSettings.DEFAULT_MAX_AGE);
  }

  /** The identity provider, and the operator's settings for it. */
  public record OpenId(OidcSettings settings, IdentityProvider provider) {}
}
