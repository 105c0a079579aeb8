package io.claviger.domain.projects;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A named use of one instance. Its handle stays the same when it is bound to another instance.
 *
 * @param instance the instance that it is bound to; empty while it is bound to none
 * @param appliedBy the name of the file from which it was applied
 */
public record Project(
    ProjectId id,
    UserId owner,
    ProjectRef ref,
    Description description,
    Optional<InstanceId> instance,
    long version,
    Instant createdAt,
    Instant updatedAt,
    Optional<AppliedBy> appliedBy) {

  public Project with(Description newDescription, Optional<InstanceId> newInstance, Instant now) {
    return new Project(
        id, owner, ref, newDescription, newInstance, version + 1, createdAt, now, appliedBy);
  }

  /** The same, applied by a file of this name, or by none. */
  public Project with(Optional<AppliedBy> file) {
    return new Project(id, owner, ref, description, instance, version, createdAt, updatedAt, file);
  }
}
