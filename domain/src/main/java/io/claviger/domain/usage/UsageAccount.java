package io.claviger.domain.usage;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import java.util.Optional;

/**
 * Who made a call, on which service, and through which project. The names are those at the time of
 * the call. The ids decide who may see the usage.
 */
public record UsageAccount(
    UserId user,
    Handle handle,
    InstanceId instance,
    InstanceRef ref,
    UserId owner,
    Optional<ThroughProject> project) {

  /** Cheap, because it runs for each call. Accounts differ in their caller or their service. */
  @Override
  public int hashCode() {
    return 31 * user.hashCode() + instance.hashCode();
  }

  /** The project that a call went through. */
  public record ThroughProject(ProjectId id, ProjectRef ref, UserId owner) {}
}
