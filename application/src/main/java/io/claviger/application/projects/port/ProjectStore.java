package io.claviger.application.projects.port;

import io.claviger.application.shared.References;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All projects. */
public interface ProjectStore {
  /**
   * A project as a viewer meets it.
   *
   * @param membership the viewer's
   * @param bound the instance it uses
   */
  record Seen(Project project, Optional<Role> membership, Optional<Bound> bound) {}

  /** The instance that a project uses, with the shares that decide about it, expired or not. */
  record Bound(Instance instance, Optional<Share> viewersShare, Optional<Share> ownersShare) {}

  Optional<Seen> find(ProjectRef ref, UserId viewer);

  /** Finds a project and locks it for changing until the transaction ends. */
  Optional<Seen> lock(ProjectRef ref, UserId viewer);

  /** Finds a project and keeps it as it is until the transaction ends; others may do the same. */
  Optional<Seen> hold(ProjectRef ref, UserId viewer);

  /** A user's own and those they are a member of, by owner and handle, as the viewer meets them. */
  List<Seen> list(UserId user, UserId viewer, Optional<ProjectRef> after, int limit);

  /**
   * The projects that use an instance, naming those that a viewer can see.
   *
   * @param all whether they see everybody's, as administrators do
   */
  References using(InstanceId instance, UserId viewer, boolean all);

  /** The projects of others that use a user's instances. */
  References usingThoseOf(UserId owner, UserId viewer, boolean all);

  /**
   * Unbinds others' projects from a user's instances, which changes these, and says which. Nobody
   * binds another to one of them until the transaction ends.
   */
  List<ProjectRef> unbindFromThoseOf(UserId owner, Instant now);

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken or the
   *     instance gone
   */
  void insert(Project project);

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance is gone
   */
  void update(Project project);

  void delete(ProjectId id);
}
