package io.claviger.application.accounts;

import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.sessions.Session;
import java.time.Instant;

/** Refuses to hand out tokens in a session whose user might have left the browser open. */
public final class RecentSignIn {
  private RecentSignIn() {}

  /**
   * Checks that the user of a session may hand out a token.
   *
   * @throws RefusedException with {@code sign_in_again} if the sign-in is not recent enough for a
   *     token with this scope
   */
  public static void demand(Session session, TokenScope scope, Instant now) {
    if (!session.mayHandOut(scope, now)) {
      throw RefusedException.conflict(
          "sign_in_again",
          "For a token that may change things, you must have signed in less than five minutes ago."
              + " Sign in again, and then make the token.");
    }
  }
}
