package io.claviger.application.budgets.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/**
 * The names of the holders whose calls are charged to an account. Accounts outlive their holders.
 * The name of a deleted holder is missing.
 *
 * @param user the user, or the owner of the access token
 * @param token the name of the access token
 */
public record HolderNames(
    Optional<Instance.Ref> service,
    Optional<Handle> group,
    Optional<Project.Ref> project,
    Optional<Handle> user,
    Optional<String> token) {
  public static final HolderNames NONE =
      new HolderNames(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
