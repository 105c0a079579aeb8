package io.claviger.domain.identity;

import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * An identity that is linked to a user.
 *
 * @param administersByGroup whether the user is an administrator because of a group there
 * @param offline whether the identity provider gave a token that outlives its own session
 * @param signedInAt the last sign-in; empty if there was none
 * @param unfollowed the groups that were left out when the identity provider was last asked
 */
public record LinkedIdentity(
    Identity identity,
    UserId user,
    boolean administersByGroup,
    boolean offline,
    Instant linkedAt,
    Optional<Instant> signedInAt,
    UnfollowedGroups unfollowed) {
  /** An identity of whose groups none was left out. */
  public LinkedIdentity(
      Identity identity,
      UserId user,
      boolean administersByGroup,
      boolean offline,
      Instant linkedAt,
      Optional<Instant> signedInAt) {
    this(identity, user, administersByGroup, offline, linkedAt, signedInAt, UnfollowedGroups.NONE);
  }

  /** Whether the user exists because of the first sign-in with this identity. */
  public boolean created(User linked) {
    return linked.id().equals(user) && linked.createdAt().equals(linkedAt);
  }
}
