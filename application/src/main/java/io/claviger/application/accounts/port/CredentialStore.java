package io.claviger.application.accounts.port;

import io.claviger.application.shared.port.ActiveUsers;
import io.claviger.domain.accounts.User;
import java.time.Instant;

/**
 * Stores all kinds of credentials that let somebody act as a user, directly or after a further
 * step.
 */
public interface CredentialStore extends ActiveUsers {
  /** The reason that is recorded when a recovery lets the user's waiting changes lapse. */
  String RECOVERED = "The access of the user who asked for this change was recovered.";

  /**
   * Ends all credentials of a user whom the caller has locked in this transaction: access tokens
   * with their refresh tokens, sessions, answered device sign-ins, one-time links, and unfinished
   * sign-ins that would link an identity. The linked identity ends too, together with the
   * memberships and rights from its groups. Memberships that an identity provider manages by SCIM
   * do not end. The user's webhook is deleted too, because whoever set the webhook would otherwise
   * still receive messages about the user. The user's waiting changes lapse, and the user's
   * consents to other users' waiting changes are withdrawn, because somebody could otherwise
   * prepare changes or consents that take effect after the recovery. Another request might be
   * creating a credential at the same time, authenticated by a credential that this method ends. If
   * the other request calls {@link #hold} in its transaction, the new credential ends as well, or
   * the request is refused.
   */
  EndedCredentials endAll(User.Id user, Instant now);

  /**
   * Ends those credentials of a user that would still work during the user's suspension. The caller
   * must have locked the user in this transaction. The identity stays, because a sign-in with it
   * ends the suspension. Access tokens stay and are refused during the suspension, but the tokens
   * of device sign-ins end.
   */
  EndedCredentials endForSuspension(User.Id user);

  /** Whether the user has, or once had, an access token, a session or an identity. */
  boolean everHadAny(User.Id user);
}
