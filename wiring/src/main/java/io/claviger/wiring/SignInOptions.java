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
 * @param local which users may sign in without the identity provider
 * @param openId the identity provider; empty if there is none
 * @param publicUrl the URL at which browsers and programs reach the API; programs' JWTs must have
 *     it as their audience
 * @param jwts verifies the JWTs of programs; if it can be closed, it is closed together with the
 *     node; if empty, no JWTs are exchanged
 * @param scim the operator's settings for users whom an identity provider manages by SCIM
 */
public record SignInOptions(
    LocalSignIn local,
    Optional<OpenId> openId,
    Optional<URI> publicUrl,
    Optional<JwtVerifier> jwts,
    ScimSettings scim) {
  /** Creates options with which the JWTs of programs are not exchanged. */
  public SignInOptions(LocalSignIn local, Optional<OpenId> openId) {
    this(local, openId, Optional.empty(), Optional.empty(), ScimSettings.DEFAULT);
  }

  /** Returns options without an identity provider: everybody may sign in with a link or a token. */
  public static final SignInOptions LOCAL =
      new SignInOptions(new LocalSignIn(true), Optional.empty());

  /**
   * Returns for how long after a sign-in access tokens are accepted if the provider is not asked
   * about the user again.
   */
  Duration maxAge() {
    return openId
        .map(provider -> provider.settings().maxAge())
        .orElse(OidcSettings.DEFAULT_MAX_AGE);
  }

  /** The identity provider, and the settings that the operator has made for it. */
  public record OpenId(OidcSettings settings, IdentityProvider provider) {}
}
