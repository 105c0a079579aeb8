package io.claviger.domain.usage;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/**
 * Who called which service, and through which project. The names are the names at the time of the
 * call. The ids determine who may see the usage.
 */
public record UsageAccount(
    User.Id user,
    Handle handle,
    Instance.Id instance,
    Instance.Ref ref,
    User.Id owner,
    Optional<ThroughProject> project) {

  /**
   * Hashes only some of the fields, because this method runs for each call and must be fast. Few
   * accounts differ only in the other fields.
   */
  @Override
  public int hashCode() {
    return 31 * user.hashCode() + instance.hashCode();
  }

  /** The project through which a call was made. */
  public record ThroughProject(Project.Id id, Project.Ref ref, User.Id owner) {}
}
