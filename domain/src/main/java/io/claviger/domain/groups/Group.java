package io.claviger.domain.groups;

import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import java.time.Instant;
import java.util.Optional;

/**
 * Users under one handle, who can be given a share together.
 *
 * @param source where a synced group comes from; empty for a local one
 */
public record Group(
    GroupId id,
    Handle handle,
    DisplayName displayName,
    Optional<GroupSource> source,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /** The greatest number of members of a local group. */
  public static final int MOST_MEMBERS = 10_000;

  public GroupKind kind() {
    return source.isPresent() ? GroupKind.SYNCED : GroupKind.LOCAL;
  }

  /** This group with another display name. */
  public Group with(DisplayName newName, Instant now) {
    return new Group(id, handle, newName, source, version + 1, createdAt, now);
  }
}
