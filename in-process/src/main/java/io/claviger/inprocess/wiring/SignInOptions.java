package io.claviger.inprocess.wiring;

import io.claviger.application.identity.OidcSettings;
import io.claviger.application.sessions.LocalSignIn;
import java.util.Optional;

/**
 * How people sign in.
 *
 * @param local who may sign in without the identity provider
 * @param oidc the identity provider, if there is one
 */
public record SignInOptions(LocalSignIn local, Optional<OidcSettings> oidc) {
  /** No identity provider; everybody may sign in with a link or a token. */
  public static final SignInOptions LOCAL =
      new SignInOptions(new LocalSignIn(true), Optional.empty());
}
