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
 * The options for the sign-in of people and programs.
 *
 * @param local the users who may sign in without the identity provider
 * @param openId the identity provider, if there is one
 * @param publicUrl the URL of the API for browsers and programs, which is the audience of programs'
 *     JWTs
 * @param jwts verifies the JWTs of programs, and is closed with the node if it can be closed; if
 *     empty, no JWT is exchanged
 * @param scim the operator's settings for users whom the identity provider manages by SCIM
 */
public record SignInOptions(
    LocalSignIn local,
    Optional<OpenId> openId,
    Optional<URI> publicUrl,
    Optional<JwtVerifier> jwts,
    ScimSettings scim) {
  /** Creates options with which no JWTs of programs are exchanged. */
  public SignInOptions(LocalSignIn local, Optional<OpenId> openId) {
    this(local, openId, Optional.empty(), Optional.empty(), ScimSettings.DEFAULT);
  }

  /** Returns options without an identity provider: everybody may sign in with a link or a token. */
  public static final SignInOptions LOCAL =
      new SignInOptions(new LocalSignIn(true), Optional.empty());

  /**
   * Returns how long access tokens are accepted after a sign-in if the provider is not asked again.
   */
  Duration maxAge() {
    return openId
        .map(provider -> provider.settings().maxAge())
        .orElse(OidcSettings.DEFAULT_MAX_AGE);
  }

  /** The identity provider, and the operator's settings for it. */
  public record OpenId(OidcSettings settings, IdentityProvider provider) {}
}
