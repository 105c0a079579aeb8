package io.claviger.domain.projects;

import io.claviger.domain.Description;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * An owner's named use of one instance; its handle stays when the instance behind it changes.
 *
 * @param instance empty while it is bound to none
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
