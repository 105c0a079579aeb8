package io.claviger.application.projects;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;

/**
 * Shows, writes and shares projects. A project belongs to a user, is bound to at most one instance,
 * and lets its members call that instance.
 *
 * <p>A project is seen by its owning user, its members and administrators. While the project is
 * open to everybody, everybody who knows the project's name can see the project. A token restricted
 * to one project sees only that project. All methods answer {@code not_found} if the actor can't
 * see the project. Methods that change a project or show its members refuse a token of scope use
 * with {@code forbidden}.
 */
public interface Projects {

  static Projects of(
      ProjectStore projects,
      ShareStore<Project.Id> members,
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      Grantees grantees,
      AuditedChanges changes) {
    return new ProjectUseCases(
        projects,
        instances,
        new Shares<>(members, grantees, changes),
        new ProjectWriter(projects, new ProjectBinding(instances, shares, changes), changes),
        users,
        changes);
  }

  /** Finds a project that the actor can see. */
  Outcome<ProjectView> find(Actor actor, Project.Ref ref);

  /**
   * Lists a user's own projects and the projects of which the user is a member, by owner and
   * handle. Users see their own list, and administrators see every user's list; for anybody else
   * the answer is {@code not_found}, whether or not that user exists.
   */
  Outcome<Page<ProjectView, Project.Ref>> list(
      Actor actor, Handle user, PageRequest<Project.Ref> page);

  /** Lists the projects that use an instance and that the actor sees, by owner, then handle. */
  Page<Project.Ref, Project.Ref> using(
      Actor actor, Instance.Id instance, PageRequest<Project.Ref> page);

  /**
   * Lists the projects through which everybody may use an instance, by owner, then handle, to
   * actors who see the instance's shares. The answer is {@code not_found} if the actor can't see
   * the instance, and {@code forbidden} if the actor sees the instance but not its shares.
   */
  Outcome<Page<ProjectStore.OpenProject, Project.Ref>> openBy(
      Actor actor, Instance.Ref instance, PageRequest<Project.Ref> page);

  /**
   * Counts the projects that {@link #using} lists. Returns {@link PageRequest#MOST_COUNTED} at
   * most.
   */
  int countUsing(Actor actor, Instance.Id instance);

  /**
   * Creates a project, or replaces an existing project: an absent description becomes empty, an
   * absent service unbinds the project, and absent limits are removed.
   *
   * <p>The owning user binds the project to an instance that they may use at that moment; members
   * with the role writer change the project's description. Anybody else is refused with {@code
   * forbidden}. If the owner can see the instance but may not use it, the write is refused in the
   * same way. If the owner can't see the instance, the write is refused as invalid. If the project
   * does not meet the precondition, the answer is {@code precondition_failed}. The answer is the
   * conflict {@code dimensions_differ} if the present instance has other dimensions and the command
   * does not allow that, and the conflict {@code quota_exceeded} if the owner has as many projects
   * as allowed.
   *
   * <p>The actor needs the right that {@link io.claviger.domain.projects.Visibility} names in two
   * cases: to open the project to everybody, and to bind an open project to another instance. An
   * actor without this right is refused with {@code forbidden}. A write that results in an open
   * project without an instance is refused as invalid. If a write removes the instance and does not
   * state a visibility, the visibility becomes {@code members}.
   */
  Outcome<WrittenProject> put(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);

  /**
   * Changes an existing project; absent fields keep their values. In all other respects, the rules
   * of {@link #put} apply. The answer is {@code not_found} if there is no such project.
   */
  Outcome<WrittenProject> patch(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);

  /**
   * Deletes a project, but not its instance. Only the owning user and administrators may delete a
   * project; anybody else is refused with {@code forbidden}. The answer is {@code
   * precondition_failed} if the project does not meet the precondition.
   */
  Outcome<Project.Ref> delete(Actor actor, Project.Ref ref, Precondition precondition);

  /**
   * Makes a user or a group a member, or changes the role of a member: readers use the project, and
   * writers also change its description. A membership does not allow the member to see the
   * instance.
   *
   * <p>Only the owning user may give memberships; anybody else is refused with {@code forbidden}.
   * The membership is invalid if the role is owner or there is no such user or group, and invalid
   * with {@code not_shareable} if the member is the owning user or {@code _system}. The attempt is
   * refused with {@code precondition_failed} if the membership does not meet the precondition, and
   * with the conflict {@code quota_exceeded} if the actor has given the greatest allowed number of
   * shares.
   *
   * @param role reader or writer; a project has one owner
   */
  Outcome<GivenShare> share(
      Actor actor,
      Project.Ref project,
      GranteeName member,
      Precondition precondition,
      Role role,
      Field<AppliedBy> appliedBy);

  /**
   * Changes a membership. An absent role leaves the member's role unchanged. The rules of {@link
   * #share} apply, and the answer is {@code not_found} if the user or group is not a member.
   */
  Outcome<GivenShare> changeShare(
      Actor actor,
      Project.Ref project,
      GranteeName member,
      Precondition precondition,
      Field<Role> role,
      Field<AppliedBy> appliedBy);

  /**
   * Ends a membership. If the membership does not exist, nothing is changed, and the call succeeds.
   *
   * <p>The owning user can end any membership, and members can end their own; anybody else is
   * refused with {@code forbidden}. The answer is {@code precondition_failed} if the membership
   * does not meet the precondition.
   *
   * @return the user or group that is no longer a member
   */
  Outcome<GranteeName> endShare(
      Actor actor, Project.Ref project, GranteeName member, Precondition precondition);

  /**
   * Shows one membership to the owning user, writers and administrators. Readers are refused with
   * {@code forbidden}. The answer is {@code not_found} if the user or group is not a member.
   */
  Outcome<Share> findShare(Actor actor, Project.Ref project, GranteeName member);

  /**
   * Lists the memberships, ordered by the member's name. Only the owning user, writers and
   * administrators may list them. Readers are refused with {@code forbidden}.
   */
  Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Project.Ref project, PageRequest<GranteeName> page);

  /**
   * The content of a write of a project.
   *
   * @param service the instance to which the project is bound; null unbinds the project
   * @param limits the limits of each person's use through the project; limits of storage are
   *     ignored
   * @param allowDimensionChange whether the new instance may have other dimensions than the present
   *     instance
   */
  record ProjectCommand(
      FieldWrites fields,
      Field<Instance.Ref> service,
      boolean allowDimensionChange,
      LimitsWrite limits) {
    public ProjectCommand {
      limits = limits.with(LimitsWrite.StorageWrite.ABSENT);
    }

    /** Creates a command that does not mention limits. */
    public ProjectCommand(
        FieldWrites fields, Field<Instance.Ref> service, boolean allowDimensionChange) {
      this(fields, service, allowDimensionChange, LimitsWrite.ABSENT);
    }
  }

  /**
   * A project after it was written, as the caller sees it.
   *
   * @param created whether the project is new
   */
  record WrittenProject(ProjectView view, boolean created) {}
}
