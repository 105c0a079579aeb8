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
  /** JavaScript programs read a number with this many hexadecimal digits exactly. */
  private static final int VERSION_DIGITS = 13;

  /** Creates a member whom no file has added. */
  public GroupMember(User.Id user, Handle handle, GroupRole role, Instant createdAt) {
    this(user, handle, role, createdAt, Optional.empty());
  }

  /**
   * Returns a number for the state of this membership. Memberships have no stored version, so the
   * number is computed from all data that can change. A membership that returns to an earlier state
   * has the earlier number again.
   */
  public long version() {
    String state = role.wireName() + " " + createdAt + appliedBy.map(by -> " " + by).orElse("");
    return Long.parseLong(Sha256.hex(state), 0, VERSION_DIGITS, 16);
  }
}
