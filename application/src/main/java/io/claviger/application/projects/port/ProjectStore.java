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
   * A project as one viewer sees it.
   *
   * @param membership the viewer's role in it
   * @param bound the instance that it uses
   * @param openUntil until when the right to open it to everybody lasts, {@link Instant#MAX} if it
   *     has no end; empty if it is for its members alone
   */
  record VisibleProject(
      Project project,
      Optional<Role> membership,
      Optional<BoundInstance> bound,
      Optional<Instant> openUntil) {
    /** The same for the same viewer after a change of the project. */
    public VisibleProject with(Project changed, Optional<BoundInstance> to) {
      return new VisibleProject(changed, membership, to, openUntil.filter(end -> changed.isOpen()));
    }

    /** Whether the project is open to everybody at this time. */
    public boolean isOpenAt(Instant now) {
      return openUntil.filter(now::isBefore).isPresent();
    }
  }

  /**
   * A project by which everybody uses an instance.
   *
   * @param byShare whether its owner may open it by a share; otherwise they own the instance
   * @param limits what each person may do through it
   */
  record OpenProject(Project.Ref ref, boolean byShare, Limits limits, Instant openedAt) {}

  /**
   * The instance that a project uses, with the shares on which access depends, expired or not.
   * Every role lets a user see and use it. Of several shares of a user and their groups, only the
   * one that lasts longest is therefore needed.
   */
  record BoundInstance(Instance instance, HeldShares viewersShares, HeldShares ownersShares) {}

  default Optional<VisibleProject> find(Project.Ref ref, User.Id viewer) {
    return find(ref, Sight.ofEverything(viewer));
  }

  /**
   * Finds a project for an actor. One that the actor can't see may be left out, so that looking it
   * up takes as long as for an unknown one.
   */
  Optional<VisibleProject> find(Project.Ref ref, Sight sight);

  Optional<VisibleProject> find(Project.Id id, User.Id viewer);

  /** Finds a project and locks it for changing until the transaction ends. */
  default Optional<VisibleProject> lock(Project.Ref ref, User.Id viewer) {
    return lock(ref, Sight.ofEverything(viewer));
  }

  /**
   * Locks a project for an actor. One that the actor can't see may be left out, so that looking it
   * up takes as long as for an unknown one.
   */
  Optional<VisibleProject> lock(Project.Ref ref, Sight sight);

  /**
   * Finds a project and keeps it unchanged until the transaction ends. Several transactions can
   * hold the same project.
   */
  default Optional<VisibleProject> hold(Project.Ref ref, User.Id viewer) {
    return hold(ref, Sight.ofEverything(viewer));
  }

  /**
   * Holds a project for an actor. One that the actor can't see may be left out, so that looking it
   * up takes as long as for an unknown one.
   */
  Optional<VisibleProject> hold(Project.Ref ref, Sight sight);

  /** Lists the projects of a user, own and as a member, by owner, then handle, for a viewer. */
  List<VisibleProject> list(User.Id user, User.Id viewer, Optional<Project.Ref> after, int limit);

  /**
   * Counts the projects that use an instance, and names those that a viewer can see.
   *
   * @param all whether the viewer sees everybody's projects, as administrators do
   */
  References using(Instance.Id instance, User.Id viewer, boolean all);

  /** Lists the projects that use an instance and that somebody sees, by owner, then handle. */
  List<Project.Ref> listUsing(
      Instance.Id instance, Sight sight, Optional<Project.Ref> after, int limit);

  /**
   * Counts the projects that use an instance and that somebody sees.
   *
   * @param most where the counting ends
   */
  int countUsing(Instance.Id instance, Sight sight, int most);

  /** Lists the projects by which everybody uses an instance, by owner, then handle. */
  List<OpenProject> listOpen(Instance.Id instance, Optional<Project.Ref> after, int limit);

  /** Counts others' projects that use a user's instances, and names those that a viewer sees. */
  References usingInstancesOf(User.Id owner, User.Id viewer, boolean all);

  /**
   * Unbinds other users' projects from a user's instances and returns these projects. This counts
   * as a change of each project. Until the transaction ends, no other transaction can bind a
   * project to one of these instances.
   */
  List<Project.Ref> unbindFromInstancesOf(User.Id owner, Instant now);

  /**
   * Stores a new project.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken, the
   *     instance no longer exists, or the owner may not open the project
   */
  void insert(Project project);

  /**
   * Stores the changes to a project.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance no longer exists,
   *     or the owner may not open the project
   */
  void update(Project project);

  void delete(Project.Id id);
}
