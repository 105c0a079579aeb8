package io.claviger.inprocess.wiring;

import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.sessions.LocalSignIn;
import java.util.Optional;

/**
 * How people sign in.
 *
 * @param local who may sign in without the identity provider
 * @param openId the identity provider, if there is one
 */
public record SignInOptions(LocalSignIn local, Optional<OpenId> openId) {
  /** No identity provider; everybody may sign in with a link or a token. */
  public static final SignInOptions LOCAL =
      new SignInOptions(new LocalSignIn(true), Optional.empty());

  /** The identity provider, and what the operator set for it. */
  public record OpenId(OidcSettings settings, IdentityProvider provider) {}
}
