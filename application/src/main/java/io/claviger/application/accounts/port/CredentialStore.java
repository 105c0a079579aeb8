package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.User;
import java.time.Instant;

/**
 * Stores all kinds of credentials with which somebody can act as a user, now or after a further
 * step.
 */
public interface CredentialStore {
  /**
   * The reason that is given when a user is recovered, and the user's requested changes that wait
   * for consent therefore lapse.
   */
  String RECOVERED = "The access of the user who asked for it was recovered.";

  /**
   * Ends all credentials of a locked user: access tokens with their refresh tokens, sessions,
   * answered device sign-ins, one-time links, and sign-ins that were to link an identity. The
   * linked identity ends too, with the memberships and rights that its groups gave, except
   * memberships that an identity provider manages by SCIM. The user's webhook is deleted too;
   * otherwise the person who set it would still receive messages about the user. Changes that the
   * user requested and that wait for consent lapse, and the user's consents to waiting changes of
   * others are withdrawn; otherwise somebody could prepare changes or consents that take effect
   * after the recovery. At the same time, another request may be creating a credential with one of
   * the credentials that this method ends. If that request calls {@link #hold} in its transaction,
   * the credential that it creates ends as well, or the request is refused.
   */
  EndedCredentials endAll(User.Id user, Instant now);

  /**
   * Ends the credentials of a locked user that would still work after the user's suspension. The
   * identity stays, because a sign-in with it ends the suspension. Access tokens also stay, except
   * the tokens of device sign-ins; they are refused during the suspension.
   */
  EndedCredentials endForSuspension(User.Id user);

  /**
   * Whether anybody has, or once had, an access token, a session or an identity with which they can
   * or could act as a user.
   */
  boolean everHadAny(User.Id user);

  /**
   * Prevents the end of the credential that an actor presents, until the transaction ends. Returns
   * false when the credential has been ended since it was presented, or when the actor was an
   * administrator at that time and is no longer one.
   */
  boolean hold(Actor actor);
}
