package io.claviger.domain.groups;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Sha256;
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
  /**
   * The number of hexadecimal digits of a version. Programs in JavaScript read such a number
   * exactly, because it is less than 2^53.
   */
  private static final int VERSION_DIGITS = 13;

  /** Creates a member whom no file has added. */
  public GroupMember(User.Id user, Handle handle, GroupRole role, Instant createdAt) {
    this(user, handle, role, createdAt, Optional.empty());
  }

  /**
   * Returns a number that serves as the version of this membership. Because no version is stored,
   * the number is computed from all data that can change. If a membership returns to an earlier
   * state, it has the earlier number again.
   */
  public long version() {
    String state = role.wireName() + " " + createdAt + appliedBy.map(by -> " " + by).orElse("");
    return Long.parseLong(Sha256.hex(state), 0, VERSION_DIGITS, 16);
  }
}
