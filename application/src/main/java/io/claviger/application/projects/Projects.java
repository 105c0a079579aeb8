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
 * Projects: each belongs to a user, is bound to at most one instance, and lets its members call
 * that instance through it.
 *
 * <p>A project is seen by its owning user, its members and administrators, and by everybody who
 * knows its name while it is open to everybody; a token restricted to one project sees only that
 * project. All methods are refused as {@code not_found} to anybody who can't see the project that
 * it needs. Methods that change a project or show its members are refused as {@code forbidden} to a
 * token of scope use.
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

  /** Shows one project to those who may see it. */
  Outcome<ProjectView> find(Actor actor, Project.Ref ref);

  /**
   * Lists a user's own projects and those in which they are a member, by owner and handle. Users
   * list their own, administrators anybody's. Refused as {@code not_found} to anybody else, whether
   * or not that user exists.
   */
  Outcome<Page<ProjectView, Project.Ref>> list(
      Actor actor, Handle user, PageRequest<Project.Ref> page);

  /** Lists the projects that use an instance and that the actor sees, by owner, then handle. */
  Page<Project.Ref, Project.Ref> using(
      Actor actor, Instance.Id instance, PageRequest<Project.Ref> page);

  /**
   * Lists the projects by which everybody uses an instance, by owner, then handle, to those who see
   * its shares. Refused as {@code not_found} if the actor can't see the instance, and as {@code
   * forbidden} if they see it but not its shares.
   */
  Outcome<Page<ProjectStore.OpenProject, Project.Ref>> openBy(
      Actor actor, Instance.Ref instance, PageRequest<Project.Ref> page);

  /** Counts what {@link #using} lists. Returns {@link PageRequest#MOST_COUNTED} at most. */
  int countUsing(Actor actor, Instance.Id instance);

  /**
   * Creates a project, or replaces an existing one: an absent description becomes empty, an absent
   * service unbinds, and a limit that is absent ends.
   *
   * <p>The owning user binds it to an instance that they may use at that moment; members with the
   * role writer change its description. Refused as {@code forbidden} to anybody else, and for an
   * instance that the owner may see but not use; as {@code precondition_failed} when the project is
   * not as demanded; as invalid when the owner can't see the instance; as a conflict with {@code
   * dimensions_differ} when the instance bound now has other dimensions and the command does not
   * allow that; and as a conflict with {@code quota_exceeded} when the owner has as many projects
   * as they may.
   *
   * <p>Who opens the project to everybody, or binds an open one to another instance, needs the
   * right that {@link io.claviger.domain.projects.Visibility} names; otherwise refused as {@code
   * forbidden}. An open project without an instance is refused as invalid. A project that loses its
   * instance, and does not say for whom it is, is for its members from then on.
   */
  Outcome<WrittenProject> put(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);

  /**
   * Changes an existing project; absent fields keep their values. Otherwise like {@link #put};
   * refused as {@code not_found} when there is none.
   */
  Outcome<WrittenProject> patch(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);

  /**
   * Deletes a project; the instance behind it stays. Refused as {@code forbidden} to all but the
   * owning user and administrators, and as {@code precondition_failed} when the project is not as
   * demanded.
   */
  Outcome<Project.Ref> delete(Actor actor, Project.Ref ref, Precondition precondition);

  /**
   * Makes a user or a group a member, or changes their role: readers use the project, writers also
   * change its description. Membership does not show the instance.
   *
   * <p>Only the owning user gives memberships; they are refused as {@code forbidden} to anybody
   * else. Refused as invalid for the role owner, with {@code not_shareable} for the owning user and
   * {@code _system} as members, and when there is no such user or group; as {@code
   * precondition_failed} when the membership is not as demanded; as a conflict with {@code
   * quota_exceeded} when the actor gave as many shares as they may.
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
   * Changes a membership. An absent role stays as it is. The rules of {@link #share} apply. It is
   * also refused as {@code not_found} when the user is no member.
   */
  Outcome<GivenShare> changeShare(
      Actor actor,
      Project.Ref project,
      GranteeName member,
      Precondition precondition,
      Field<Role> role,
      Field<AppliedBy> appliedBy);

  /**
   * Ends a membership. Ending a membership that does not exist changes nothing and is no error.
   *
   * <p>The owning user can end any membership, and members their own. Refused as {@code forbidden}
   * to anybody else, and as {@code precondition_failed} when the membership is not as demanded.
   *
   * @return who is no longer a member
   */
  Outcome<GranteeName> endShare(
      Actor actor, Project.Ref project, GranteeName member, Precondition precondition);

  /**
   * Shows one membership to the owning user, writers and administrators. Refused as {@code
   * forbidden} to readers, and as {@code not_found} when the user is no member.
   */
  Outcome<Share> findShare(Actor actor, Project.Ref project, GranteeName member);

  /**
   * Lists the memberships, by the member's name, to the owning user, writers and administrators.
   * Refused as {@code forbidden} to readers.
   */
  Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Project.Ref project, PageRequest<GranteeName> page);

  /**
   * What to write.
   *
   * @param service the instance to bind the project to; null unbinds
   * @param limits what each person may do through it; those of storage are ignored
   * @param allowDimensionChange whether the instance may have other dimensions than the one bound
   *     now
   */
  record ProjectCommand(
      FieldWrites fields,
      Field<Instance.Ref> service,
      boolean allowDimensionChange,
      LimitsWrite limits) {
    public ProjectCommand {
      limits = limits.with(LimitsWrite.StorageWrite.ABSENT);
    }

    /** A command that does not mention limits. */
    public ProjectCommand(
        FieldWrites fields, Field<Instance.Ref> service, boolean allowDimensionChange) {
      this(fields, service, allowDimensionChange, LimitsWrite.ABSENT);
    }
  }

  /**
   * A project after it was written, as the caller sees it.
   *
   * @param created whether there was none before
   */
  record WrittenProject(ProjectView view, boolean created) {}
}
