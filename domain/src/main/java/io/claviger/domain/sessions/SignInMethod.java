package io.claviger.domain.sessions;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.identity.Identity;
import java.util.Optional;

/** The method by which a user signed in. */
public sealed interface SignInMethod {
  /** The stored and shown name. */
  String wireName();

  /**
   * The user signed in with an identity provider. The session ends when the identity is unlinked,
   * or when the identity provider ends the session.
   *
   * @param providerSession the identity provider's own id of the session ({@code sid}); empty if
   *     the provider gave no such id
   */
  record OpenId(Identity identity, Optional<String> providerSession) implements SignInMethod {
    @Override
    public String wireName() {
      return "oidc";
    }
  }

  /** The user signed in with a one-time link. */
  record Link() implements SignInMethod {
    @Override
    public String wireName() {
      return "link";
    }
  }

  /**
   * The user signed in with an access token. The session ends when the token ends, and has no more
   * rights than the token.
   */
  record Token(AccessToken.Id token) implements SignInMethod {
    @Override
    public String wireName() {
      return "token";
    }
  }
}
