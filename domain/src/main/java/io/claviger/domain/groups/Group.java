package io.claviger.domain.groups;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Users under one handle, who can be given a share together.
 *
 * @param source where a synced group comes from; empty for a local one
 * @param appliedBy the name of the file from which it was applied
 */
public record Group(
    Id id,
    Handle handle,
    DisplayName displayName,
    Optional<GroupSource> source,
    long version,
    Instant createdAt,
    Instant updatedAt,
    Optional<AppliedBy> appliedBy) {
  /** The greatest number of members of a local group. */
  public static final int MOST_MEMBERS = 10_000;

  public GroupKind kind() {
    return source.isPresent() ? GroupKind.SYNCED : GroupKind.LOCAL;
  }

  /** This group with another display name, applied by a file of this name, or by none. */
  public Group with(DisplayName newName, Optional<AppliedBy> file, Instant now) {
    return new Group(id, handle, newName, source, version + 1, createdAt, now, file);
  }

  /** Identifies a group permanently. */
  public record Id(UUID value) implements GranteeId {}
}
