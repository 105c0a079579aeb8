package io.claviger.application.identity;

import io.claviger.application.sessions.SessionActor;
import io.claviger.domain.sessions.BrowserSecret;
import java.net.URI;
import java.util.Optional;

/**
 * Lets people sign in with the identity provider, by OpenID Connect's authorization code flow with
 * PKCE, {@code state} and {@code nonce}. Any node can finish a sign-in that another node began.
 */
public interface SignIn {
  /**
   * Begins a sign-in.
   *
   * @param returnPath a local path that begins with {@code /console/}; for any other path, the
   *     start page is used
   * @param again whether the identity provider is asked to let the person prove who they are, even
   *     if they are signed in there. Without such a proof, the sign-in might not count as recent
   * @param address the browser's address
   */
  SignInStart begin(String returnPath, boolean again, String address);

  /**
   * Begins to link an identity to the user of a session. The answer is {@code NOT_ALLOWED} unless
   * the user signed in within the last five minutes, with a credential without limits and expiry.
   * The identity provider is asked to let the person prove who they are, because somebody else
   * might be signed in there in the same browser.
   */
  SignInStart beginLink(SessionActor session, String returnPath, String address);

  /**
   * Finishes a sign-in. Each attempt can be finished only once, and only by the browser that began
   * the attempt. The first sign-in with an identity creates a user for this identity. A user is
   * never found by e-mail address or name.
   *
   * @param binding the secret that {@link SignInStart.Started} gave to this browser; empty if the
   *     browser sends no secret
   * @param session the browser's session, needed to link an identity
   */
  SignInResult finish(
      Callback callback,
      Optional<BrowserSecret> binding,
      Optional<SessionActor> session,
      String address,
      String requestId);

  /**
   * Ends the sessions that are named in the identity provider's logout token (OpenID Connect
   * Back-Channel Logout). Returns whether the logout token is valid.
   */
  LogoutResult logOut(String logoutToken, String address, String requestId);

  /** Removes unfinished sign-ins that have expired. A task calls this method periodically. */
  int removeAbandoned();

  /** The result of an attempt to begin a sign-in. */
  sealed interface SignInStart {
    /**
     * @param location the address at the identity provider to which the browser is redirected
     * @param binding the secret for a browser cookie with a lifetime of ten minutes
     */
    record Started(URI location, BrowserSecret binding) implements SignInStart {}

    record Refused(SignInResult.Reason reason, String sentence) implements SignInStart {}
  }

  /** The parameters that the identity provider sent through the browser, unchanged. */
  record Callback(
      Optional<String> state,
      Optional<String> code,
      Optional<String> issuer,
      Optional<String> error) {}

  /** The answer to a logout token. */
  enum LogoutResult {
    /** The sessions that are named in the token were ended, or there were no such sessions. */
    DONE,
    /** The logout token is not valid. */
    REJECTED,
    /** The identity provider's keys can't be fetched at the moment. */
    UNAVAILABLE
  }
}
