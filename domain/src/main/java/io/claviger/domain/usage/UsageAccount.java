package io.claviger.domain.usage;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import java.util.Optional;

/**
 * On whose account a call goes: who made it, on what, through which project. Names are as they were
 * when it was made; the ids say who may look.
 */
public record UsageAccount(
    UserId user,
    Handle handle,
    InstanceId instance,
    InstanceRef ref,
    UserId owner,
    Optional<ThroughProject> project) {

  /** The project that a call went through. */
  public record ThroughProject(ProjectId id, ProjectRef ref, UserId owner) {}
}
