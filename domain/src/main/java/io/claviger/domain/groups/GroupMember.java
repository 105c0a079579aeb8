package io.claviger.domain.groups;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * A user in a group.
 *
 * @param appliedBy the name of the file that added the member; empty if no file added the member
 */
public record GroupMember(
    User.Id user, Handle handle, GroupRole role, Instant createdAt, Optional<AppliedBy> appliedBy) {

  /** Creates a member whom no file has added. */
  public GroupMember(User.Id user, Handle handle, GroupRole role, Instant createdAt) {
    this(user, handle, role, createdAt, Optional.empty());
  }
}
