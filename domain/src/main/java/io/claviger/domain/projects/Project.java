package io.claviger.domain.projects;

import io.claviger.domain.Description;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A named use of one instance. Its handle stays the same when it is bound to another instance.
 *
 * @param instance the instance that it is bound to; empty while it is bound to none
 */
public record Project(
    ProjectId id,
    UserId owner,
    ProjectRef ref,
    Description description,
    Optional<InstanceId> instance,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  public Project with(Description newDescription, Optional<InstanceId> newInstance, Instant now) {
    return new Project(id, owner, ref, newDescription, newInstance, version + 1, createdAt, now);
  }
}
