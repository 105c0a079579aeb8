package io.claviger.application.projects.port;

import io.claviger.application.shared.References;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface ProjectStore {
  /**
   * A project, with the data that are stored about it for a certain viewer.
   *
   * @param membership the viewer's role in the project; empty if the viewer is not a member
   * @param bound the instance of the project; empty if there is none
   * @param openUntil when the owner's right to open the project to everybody ends; {@link
   *     Instant#MAX} if this right has no end; empty if the project was not opened to everybody
   */
  record VisibleProject(
      Project project,
      Optional<Role> membership,
      Optional<BoundInstance> bound,
      Optional<Instant> openUntil) {
    /** Returns the project as the same viewer sees it after a change. */
    public VisibleProject with(Project changed, Optional<BoundInstance> to) {
      return new VisibleProject(changed, membership, to, openUntil.filter(end -> changed.isOpen()));
    }

    /** Whether the project is open to everybody at the given time. */
    public boolean isOpenAt(Instant now) {
      return openUntil.filter(now::isBefore).isPresent();
    }
  }

  /**
   * A project through which everybody may use an instance.
   *
   * @param byShare whether a share of the instance gives the project's owner the right to open the
   *     project; false if the project's owner owns the instance
   * @param limits the limits on what each person may use through the project
   */
  record OpenProject(Project.Ref ref, boolean byShare, Limits limits, Instant openedAt) {}

  /**
   * The instance of a project, with the shares that decide about access, including expired shares.
   * Of all shares of a user and the user's groups, only the share that lasts longest is included.
   * The share's role does not matter, because every role permits the user to see and use the
   * instance.
   */
  record BoundInstance(Instance instance, HeldShares viewersShares, HeldShares ownersShares) {}

  default Optional<VisibleProject> find(Project.Ref ref, User.Id viewer) {
    return find(ref, Sight.ofEverything(viewer));
  }

  /**
   * Finds a project for an actor. The result can be empty if the actor can't see the project. The
   * look-up of a hidden project then takes as long as the look-up of an unknown project.
   */
  Optional<VisibleProject> find(Project.Ref ref, Sight sight);

  Optional<VisibleProject> find(Project.Id id, User.Id viewer);

  /** Finds a project and locks it exclusively until the transaction ends. */
  default Optional<VisibleProject> lock(Project.Ref ref, User.Id viewer) {
    return lock(ref, Sight.ofEverything(viewer));
  }

  /**
   * Locks a project for an actor. The result can be empty if the actor can't see the project. The
   * look-up of a hidden project then takes as long as the look-up of an unknown project.
   */
  Optional<VisibleProject> lock(Project.Ref ref, Sight sight);

  /**
   * Finds a project for an actor and locks it against changes until the transaction ends. Several
   * transactions can hold this lock on the same project at the same time. The result can be empty
   * if the actor can't see the project. The look-up of a hidden project then takes as long as the
   * look-up of an unknown project.
   */
  Optional<VisibleProject> hold(Project.Ref ref, Sight sight);

  /**
   * Lists the projects that a user owns or is a member of, ordered by owner, then handle. Each
   * project has the data for the given viewer.
   */
  List<VisibleProject> list(User.Id user, User.Id viewer, Optional<Project.Ref> after, int limit);

  /**
   * Counts the projects that use an instance, and names those that a viewer can see.
   *
   * @param all whether the viewer sees the projects of all users, as administrators do
   */
  References using(Instance.Id instance, User.Id viewer, boolean all);

  /**
   * Lists the projects that use an instance and that the viewer may see, ordered by owner, then
   * handle.
   */
  List<Project.Ref> listUsing(
      Instance.Id instance, Sight sight, Optional<Project.Ref> after, int limit);

  /**
   * Counts the projects that use an instance and that the viewer may see.
   *
   * @param most the number at which counting stops
   */
  int countUsing(Instance.Id instance, Sight sight, int most);

  /**
   * Lists the projects through which everybody may use an instance, ordered by owner, then handle.
   */
  List<OpenProject> listOpen(Instance.Id instance, Optional<Project.Ref> after, int limit);

  /**
   * Counts other users' projects that use instances of a user, and names those that a viewer can
   * see.
   */
  References usingInstancesOf(User.Id owner, User.Id viewer, boolean all);

  /**
   * Unbinds other users' projects from a user's instances, and returns these projects. Each project
   * that is unbound counts as changed. Until the transaction ends, no other transaction can bind a
   * project to one of these instances.
   */
  List<Project.Ref> unbindFromInstancesOf(User.Id owner, Instant now);

  /**
   * Stores a new project.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the handle is taken, the instance
   *     no longer exists, or the owner does not have the right to open the project
   */
  void insert(Project project);

  /**
   * Stores a project that has changed.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the instance no longer exists, or
   *     the owner does not have the right to open the project
   */
  void update(Project project);

  void delete(Project.Id id);
}
