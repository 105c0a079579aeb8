package io.claviger.domain.identity;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * An identity that is linked to a user.
 *
 * @param administersByGroup whether the user is an administrator because of a group at the identity
 *     provider
 * @param offline whether the identity provider gave a refresh token that stays valid after the
 *     person's session at the identity provider
 * @param signedInAt the time of the last sign-in; empty if the user has never signed in
 * @param unfollowed the groups that were not synced when the identity provider was last asked
 * @param userMadeBySignIn whether the user was created by a first sign-in, with this identity or
 *     with an earlier identity of the user
 */
public record LinkedIdentity(
    Identity identity,
    User.Id user,
    boolean administersByGroup,
    boolean offline,
    Instant linkedAt,
    Optional<Instant> signedInAt,
    UnfollowedGroups unfollowed,
    boolean userMadeBySignIn) {
  /** Returns the identity, marked as belonging to a user who was created by a first sign-in. */
  public LinkedIdentity ofMadeUser() {
    return new LinkedIdentity(
        identity, user, administersByGroup, offline, linkedAt, signedInAt, unfollowed, true);
  }
}
