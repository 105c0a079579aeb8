package io.claviger.domain.identity;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * An identity that is linked to a user.
 *
 * @param administersByGroup whether a group at the identity provider makes the user an
 *     administrator
 * @param offline whether the refresh token from the identity provider outlives the person's session
 *     at this provider
 * @param signedInAt the time of the last sign-in; empty if the user has never signed in
 * @param unfollowed the person's groups that were in the identity provider's last answer but were
 *     not synced
 * @param userMadeByProvider whether an identity provider, and not an administrator, created the
 *     user: by a first sign-in with this or an earlier identity, or by SCIM
 */
public record LinkedIdentity(
    Identity identity,
    User.Id user,
    boolean administersByGroup,
    boolean offline,
    Instant linkedAt,
    Optional<Instant> signedInAt,
    UnfollowedGroups unfollowed,
    boolean userMadeByProvider) {
  /** Returns a copy that states that an identity provider created the user. */
  public LinkedIdentity ofMadeUser() {
    return new LinkedIdentity(
        identity, user, administersByGroup, offline, linkedAt, signedInAt, unfollowed, true);
  }
}
