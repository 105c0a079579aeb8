package io.claviger.application.identity.port;

import io.claviger.domain.identity.Identity;
import io.claviger.domain.keys.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * The organization's OpenID provider. The provider's metadata are fetched when they are first
 * needed, so that a node can start while the provider can't be reached.
 */
public interface IdentityProvider {
  /**
   * Returns the address to which a browser is redirected for a sign-in.
   *
   * @param again whether the provider is asked to let the person prove who they are, even if they
   *     are signed in at the provider. Some providers do not comply
   * @throws ProviderUnavailable when the provider's metadata can't be fetched
   */
  URI authorizationUri(String state, String nonce, String verifier, boolean again);

  /**
   * Exchanges an authorization code, and validates the answer.
   *
   * @param issuer the parameter {@code iss} in the provider's answer (RFC 9207), if any
   * @throws ProviderUnavailable when the provider does not answer
   * @throws InvalidResponse when something in the answer is not valid
   */
  ProvidedIdentity exchange(String code, Optional<String> issuer, String nonce, String verifier);

  /**
   * Asks the identity provider again about a person who has signed in before.
   *
   * @param expected the person whom the answer must describe
   * @param offline whether the refresh token outlives the person's session at the identity
   *     provider. The same is assumed about the token in the answer, unless the answer says
   *     otherwise
   * @throws ProviderUnavailable when there is no answer; the provider might nevertheless have
   *     received the refresh token
   * @throws InvalidResponse when the answer about this person can't be used, and contains no new
   *     refresh token
   */
  Refreshed refresh(Secret refreshToken, Identity expected, boolean offline);

  /**
   * Validates a logout token.
   *
   * @throws ProviderUnavailable when the provider's keys can't be fetched
   * @throws InvalidResponse when the token is not valid
   */
  LoggedOut validateLogout(String logoutToken);

  /** The identity provider's answer when it is asked again about a person. */
  sealed interface Refreshed {
    /** The provider still knows the person. */
    record Current(ProvidedIdentity person) implements Refreshed {}

    /** The provider no longer accepts the refresh token ({@code invalid_grant}). */
    record Ended() implements Refreshed {}

    /**
     * The provider says nothing about the person until the person has signed in again there, for
     * example because a second factor is now demanded.
     */
    record SignInRequired() implements Refreshed {}

    /**
     * The provider has replaced the refresh token, but the rest of its answer is missing or can't
     * be used. The former refresh token might no longer be accepted.
     *
     * @param grant the new refresh token
     * @param why the {@link ProviderUnavailable} or {@link InvalidResponse} with which the request
     *     would otherwise have failed
     */
    record Replaced(ProvidedIdentity.Grant grant, RuntimeException why) implements Refreshed {}
  }

  /**
   * The sessions to end. At least one of the two parameters is present. If there is no session, all
   * sessions of the person end.
   *
   * @param subject the person whose session or sessions end
   * @param session the provider's name for the session, if only one session ends
   */
  record LoggedOut(Optional<Identity> subject, Optional<String> session) {
    /**
     * @throws InvalidResponse when the name is too long or has invalid characters
     */
    public LoggedOut {
      session.ifPresent(ProvidedIdentity::demandStorable);
    }
  }

  /**
   * The provider can't be reached, or its answer can't be used. The exception's message may be
   * shown to users.
   */
  final class ProviderUnavailable extends RuntimeException {
    private final boolean neverSent;

    /**
     * @param neverSent whether it is certain that the provider has not received the request
     */
    public ProviderUnavailable(String message, boolean neverSent, Throwable cause) {
      super(message, cause);
      this.neverSent = neverSent;
    }

    public ProviderUnavailable(String message, boolean neverSent) {
      super(message);
      this.neverSent = neverSent;
    }

    public boolean neverSent() {
      return neverSent;
    }
  }

  /**
   * The message from the provider or the browser is not valid. The exception's message may be shown
   * to users.
   */
  final class InvalidResponse extends RuntimeException {
    public InvalidResponse(String message, Throwable cause) {
      super(message, cause);
    }

    public InvalidResponse(String message) {
      super(message);
    }
  }
}
