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
 * and lets its members call this instance.
 *
 * <p>The owning user, the members and administrators see the project. If a project is open to
 * everybody, everybody who knows its name can see it. With a token that is restricted to a project,
 * only this project is visible. If the actor can't see the project, the answer is {@code
 * not_found}. Methods that change a project or show its members refuse a token of scope {@code use}
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
   * Lists the projects that a user owns or is a member of, ordered by owner and handle. Users see
   * their own list, and administrators see the list of every user. For anybody else, the answer is
   * {@code not_found}, whether or not the user exists.
   */
  Outcome<Page<ProjectView, Project.Ref>> list(
      Actor actor, Handle user, PageRequest<Project.Ref> page);

  /**
   * Lists the projects that use an instance and that the actor sees, ordered by owner, then handle.
   */
  Page<Project.Ref, Project.Ref> listUsing(
      Actor actor, Instance.Id instance, PageRequest<Project.Ref> page);

  /**
   * Lists the projects through which everybody may use an instance, ordered by owner, then handle.
   * The actor must be allowed to see the instance's shares. The answer is {@code not_found} if the
   * actor can't see the instance, and {@code forbidden} if the actor can see the instance but not
   * its shares.
   */
  Outcome<Page<ProjectStore.OpenProject, Project.Ref>> listOpenBy(
      Actor actor, Instance.Ref instance, PageRequest<Project.Ref> page);

  /**
   * Counts the projects that {@link #listUsing} lists. Returns at most {@link
   * PageRequest#MOST_COUNTED}.
   */
  int countUsing(Actor actor, Instance.Id instance);

  /**
   * Creates or replaces a project. An absent description becomes empty. An absent service unbinds
   * the project. Absent limits are removed.
   *
   * <p>The owning user may bind the project to an instance that the owning user may use at that
   * moment. Members with the role {@code writer} may change the description and the metadata.
   * Anybody else is refused with {@code forbidden}. If the owner sees the instance but may not use
   * it, the write is refused with {@code forbidden} too. If the owner can't see the instance, the
   * write is refused as invalid. If the precondition is not met, the answer is {@code
   * precondition_failed}. If the dimensions of the new instance and of the present instance differ,
   * and the command does not permit this, the answer is the conflict {@code dimensions_differ}. If
   * the owner already has the maximum number of projects, the answer is the conflict {@code
   * quota_exceeded}.
   *
   * <p>To open a project to everybody, or to bind an open project to another instance, the
   * project's owner needs the right that {@link io.claviger.domain.projects.Visibility#mayBeOpen}
   * describes. Without this right, the write is refused with {@code forbidden}. An open project
   * without an instance is invalid. If a write removes the instance and states no visibility, the
   * visibility becomes {@code members}.
   */
  Outcome<WrittenProject> put(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);

  /**
   * Changes an existing project. Fields that the write does not contain keep their values. In all
   * other respects, the rules of {@link #put} apply. If there is no such project, the answer is
   * {@code not_found}.
   */
  Outcome<WrittenProject> patch(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);

  /**
   * Deletes a project, but not its instance. Only the owning user and administrators may delete a
   * project. Anybody else is refused with {@code forbidden}. If the precondition is not met, the
   * answer is {@code precondition_failed}.
   */
  Outcome<Project.Ref> delete(Actor actor, Project.Ref ref, Precondition precondition);

  /**
   * Makes a user or a group a member, or changes the member's role. A {@code reader} may use the
   * project. A {@code writer} may also change its description and metadata. A member does not
   * necessarily see the instance.
   *
   * <p>Only the owning user may give memberships. Anybody else is refused with {@code forbidden}.
   * The membership is invalid if the role is {@code owner}, or if there is no such user or group.
   * The membership is invalid with {@code not_shareable} if the member is the owning user or {@code
   * _system}. If the precondition is not met, the answer is {@code precondition_failed}. If the
   * actor has already given the maximum number of shares, the answer is the conflict {@code
   * quota_exceeded}.
   *
   * @param role {@code reader} or {@code writer}
   */
  Outcome<GivenShare> share(
      Actor actor,
      Project.Ref project,
      GranteeName member,
      Precondition precondition,
      Role role,
      Field<AppliedBy> appliedBy);

  /**
   * Changes a membership. If the role is absent, it stays unchanged. The rules of {@link #share}
   * apply. If the user or group is not a member, the answer is {@code not_found}.
   */
  Outcome<GivenShare> changeShare(
      Actor actor,
      Project.Ref project,
      GranteeName member,
      Precondition precondition,
      Field<Role> role,
      Field<AppliedBy> appliedBy);

  /**
   * Ends a membership. If the membership does not exist, the call changes nothing and succeeds.
   *
   * <p>The owning user can end any membership, and members can end their own membership. Anybody
   * else is refused with {@code forbidden}. If the precondition is not met, the answer is {@code
   * precondition_failed}.
   *
   * @return the user or group that is no longer a member
   */
  Outcome<GranteeName> endShare(
      Actor actor, Project.Ref project, GranteeName member, Precondition precondition);

  /**
   * Shows a membership. Only the owning user, writers and administrators may see a membership.
   * Readers are refused with {@code forbidden}. If the user or group is not a member, the answer is
   * {@code not_found}.
   */
  Outcome<Share> findShare(Actor actor, Project.Ref project, GranteeName member);

  /**
   * Lists the memberships, ordered by the member's name. Only the owning user, writers and
   * administrators may list the memberships. Readers are refused with {@code forbidden}.
   */
  Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Project.Ref project, PageRequest<GranteeName> page);

  /**
   * The requested content of a project.
   *
   * @param service the instance to bind; if null, the project is unbound
   * @param limits the limits on what each person may use through the project; limits on storage are
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

    /** Creates a write of a project without limits. */
    public ProjectCommand(
        FieldWrites fields, Field<Instance.Ref> service, boolean allowDimensionChange) {
      this(fields, service, allowDimensionChange, LimitsWrite.ABSENT);
    }
  }

  /**
   * A project after a write, as the caller sees it.
   *
   * @param created whether the write created the project
   */
  record WrittenProject(ProjectView view, boolean created) {}
}
