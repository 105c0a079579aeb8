package io.claviger.application.projects;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Shares;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

final class ProjectUseCases implements Projects {
  private final ProjectStore projects;
  private final InstanceStore instances;
  private final Shares<Project.Id> shares;
  private final ProjectWriter writer;
  private final UserStore users;
  private final AuditedChanges changes;

  ProjectUseCases(
      ProjectStore projects,
      InstanceStore instances,
      Shares<Project.Id> shares,
      ProjectWriter writer,
      UserStore users,
      AuditedChanges changes) {
    this.projects = projects;
    this.instances = instances;
    this.shares = shares;
    this.writer = writer;
    this.users = users;
    this.changes = changes;
  }

  @Override
  public Outcome<ProjectView> find(Actor actor, Project.Ref ref) {
    return projects
        .find(ref, actor.sight())
        .filter(seen -> ProjectViews.isVisible(actor, seen, changes.now()))
        .map(seen -> Outcome.done(ProjectViews.view(actor, seen, changes.now())))
        .orElseGet(() -> Outcome.refused(new Refusal.NotFound()));
  }

  @Override
  public Outcome<Page<ProjectView, Project.Ref>> list(
      Actor actor, Handle handle, PageRequest<Project.Ref> page) {
    boolean anybodys = actor.administrator() && actor.mayManage();
    boolean may = actor.handle().equals(handle) || anybodys;
    Optional<User> user = may ? users.find(handle) : Optional.empty();
    if (user.isEmpty()) {
      return Outcome.refused(new Refusal.NotFound());
    }
    Instant now = changes.now();
    Optional<TokenRestriction> restriction = actor.token().flatMap(AccessToken::restriction);
    Page<ProjectStore.VisibleProject, Project.Ref> found =
        restriction.isPresent()
            ? Page.whole(restrictedTo(actor, restriction.get(), page))
            : Page.of(
                projects.list(user.get().id(), actor.id(), page.after(), page.limit() + 1),
                page.limit(),
                seen -> seen.project().ref());
    return Outcome.done(found.map(seen -> ProjectViews.view(actor, seen, now)));
  }

  @Override
  public Page<Project.Ref, Project.Ref> listUsing(
      Actor actor, Instance.Id instance, PageRequest<Project.Ref> page) {
    return Page.of(
        projects.listUsing(instance, actor.sight(), page.after(), page.limit() + 1),
        page.limit(),
        ref -> ref);
  }

  @Override
  public Outcome<Page<ProjectStore.OpenProject, Project.Ref>> listOpenBy(
      Actor actor, Instance.Ref ref, PageRequest<Project.Ref> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          Instant now = changes.now();
          InstanceStore.VisibleInstance seen =
              instances.find(ref, actor.sight(), now).orElseThrow(RefusedException::notFound);
          Relationship relationship = seen.relationship(actor, now);
          if (!Permissions.allows(relationship, Action.SEE)) {
            throw RefusedException.notFound();
          }
          if (!Permissions.allows(relationship, Action.SEE_SHARES)) {
            throw RefusedException.forbidden(
                "Your role on this service does not show who else uses it.");
          }
          return Page.of(
              projects.listOpen(seen.instance().id(), page.after(), page.limit() + 1),
              page.limit(),
              ProjectStore.OpenProject::ref);
        });
  }

  @Override
  public int countUsing(Actor actor, Instance.Id instance) {
    return projects.countUsing(instance, actor.sight(), PageRequest.MOST_COUNTED);
  }

  @Override
  public Outcome<WrittenProject> put(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command) {
    ProjectCommand whole =
        new ProjectCommand(
            command.fields().replacing(Project.FIELDS),
            command.service().isAbsent() ? Field.ofNull() : command.service(),
            command.allowDimensionChange(),
            LimitsWrite.of(command.limits().over(Limits.NONE)));
    return changes.change(
        actor,
        AuditAction.PROJECT_UPDATE,
        AuditTargets.project(ref),
        log -> {
          Optional<ProjectStore.VisibleProject> seen =
              visible(actor, projects.lock(ref, actor.sight()));
          if (seen.isEmpty()) {
            log.recordAttemptAs(AuditAction.PROJECT_CREATE);
          }
          seen.ifPresent(s -> log.setTarget(AuditTargets.project(s.project())));
          if (seen.filter(s -> !s.project().ref().equals(ref)).isPresent()) {
            throw new RefusedException(Refusal.Conflict.HANDLE_RESERVED);
          }
          if (seen.isEmpty() && !actor.handle().equals(ref.owner())) {
            throw RefusedException.forbidden(
                "Only the owning user may create projects under their handle.");
          }
          precondition.demand(seen, s -> s.project().version());
          return seen.isPresent()
              ? writer.update(actor, seen.get(), whole, log)
              : writer.insert(actor, ref, whole, log);
        });
  }

  @Override
  public Outcome<WrittenProject> patch(
      Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command) {
    return changes.change(
        actor,
        AuditAction.PROJECT_UPDATE,
        AuditTargets.project(ref),
        log -> {
          ProjectStore.VisibleProject seen = target(actor, projects.lock(ref, actor.sight()), log);
          precondition.demand(seen.project().version());
          return writer.update(actor, seen, command, log);
        });
  }

  @Override
  public Outcome<Project.Ref> delete(Actor actor, Project.Ref ref, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.PROJECT_DELETE,
        AuditTargets.project(ref),
        log -> {
          ProjectStore.VisibleProject seen = target(actor, projects.lock(ref, actor.sight()), log);
          if (!ProjectPermissions.allows(
              ProjectViews.relationship(actor, seen, changes.now()), ProjectAction.DELETE)) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator may delete this project.");
          }
          precondition.demand(seen.project().version());
          projects.delete(seen.project().id());
          log.recordChange(
              AuditAction.PROJECT_DELETE, AuditTargets.project(seen.project()), List.of());
          return ref;
        });
  }

  @Override
  public Outcome<GivenShare> share(
      Actor actor,
      Project.Ref ref,
      GranteeName member,
      Precondition precondition,
      Role role,
      Field<AppliedBy> appliedBy) {
    return give(
        actor,
        ref,
        (project, log) -> give(actor, project, member, precondition, () -> role, appliedBy, log));
  }

  @Override
  public Outcome<GivenShare> changeShare(
      Actor actor,
      Project.Ref ref,
      GranteeName member,
      Precondition precondition,
      Field<Role> role,
      Field<AppliedBy> appliedBy) {
    return give(
        actor,
        ref,
        (project, log) ->
            give(
                actor,
                project,
                shares.find(project.id(), member).grantee().name(),
                precondition,
                () -> role.or(shares.locked(project.id(), member).terms().role()),
                appliedBy,
                log));
  }

  /**
   * @param giving the action that gives the share. The action is called while a lock protects the
   *     project from deletion
   */
  private Outcome<GivenShare> give(
      Actor actor, Project.Ref ref, BiFunction<Project, ChangeLog, GivenShare> giving) {
    return changes.change(
        actor,
        AuditAction.PROJECT_SHARE,
        AuditTargets.project(ref),
        log -> {
          ProjectStore.VisibleProject seen = target(actor, projects.hold(ref, actor.sight()), log);
          demandAllowed(actor, seen, ProjectAction.SHARE);
          return giving.apply(seen.project(), log);
        });
  }

  /**
   * @param wanted the supplier of the role. The supplier is called while a lock protects the member
   *     from deletion
   */
  private GivenShare give(
      Actor actor,
      Project project,
      GranteeName member,
      Precondition precondition,
      Supplier<Role> wanted,
      Field<AppliedBy> appliedBy,
      ChangeLog log) {
    Grantee grantee = shares.grantee(member, project.ref().owner());
    Role role = wanted.get();
    if (role == Role.OWNER) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "role",
              "A member's role is reader or writer, because a project has only one owner."));
    }
    Share.Terms terms = new Share.Terms(role, false, Optional.empty(), Limits.NONE);
    GivenShare given =
        shares.give(
            project.id(),
            grantee,
            terms,
            Limits.NONE,
            appliedBy,
            actor,
            Optional.empty(),
            precondition,
            log);
    if (given.changed()) {
      log.recordChange(
          AuditAction.PROJECT_SHARE,
          AuditTargets.project(project),
          List.of(member.toString()),
          given.terms());
    }
    return given;
  }

  @Override
  public Outcome<GranteeName> endShare(
      Actor actor, Project.Ref ref, GranteeName member, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.PROJECT_UNSHARE,
        AuditTargets.project(ref),
        log -> {
          ProjectStore.VisibleProject seen = target(actor, projects.hold(ref, actor.sight()), log);
          boolean leaves =
              member.isUser(actor.handle()) && !actor.id().equals(seen.project().owner());
          demandAllowed(actor, seen, leaves ? ProjectAction.LEAVE : ProjectAction.SHARE);
          Project project = seen.project();
          Optional<Share> share = shares.lock(project.id(), member);
          shares.end(project.id(), share, precondition);
          if (share.isPresent()) {
            log.recordChange(
                AuditAction.PROJECT_UNSHARE,
                AuditTargets.project(project),
                List.of(member.toString()),
                AuditEvent.Term.of(share.get().terms().texts(), Map.of()));
          }
          return member;
        });
  }

  @Override
  public Outcome<Share> findShare(Actor actor, Project.Ref ref, GranteeName member) {
    return Outcome.of(() -> shares.find(withVisibleMembers(actor, ref).id(), member));
  }

  @Override
  public Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Project.Ref ref, PageRequest<GranteeName> page) {
    return Outcome.of(() -> shares.list(withVisibleMembers(actor, ref).id(), page));
  }

  /**
   * Finds the only project that can be listed with a restricted token. The list shows this project
   * on its first page, so that empty pages and cursors can't reveal other projects.
   */
  private List<ProjectStore.VisibleProject> restrictedTo(
      Actor actor, TokenRestriction restriction, PageRequest<Project.Ref> page) {
    return restriction
        .project()
        .filter(only -> page.after().isEmpty())
        .flatMap(only -> visible(actor, projects.find(new Project.Id(only), actor.id())))
        .stream()
        .toList();
  }

  private Optional<ProjectStore.VisibleProject> visible(
      Actor actor, Optional<ProjectStore.VisibleProject> found) {
    return found.filter(seen -> ProjectViews.isVisible(actor, seen, changes.now()));
  }

  private ProjectStore.VisibleProject target(
      Actor actor, Optional<ProjectStore.VisibleProject> found, ChangeLog log) {
    ProjectStore.VisibleProject seen =
        visible(actor, found).orElseThrow(RefusedException::notFound);
    log.setTarget(AuditTargets.project(seen.project()));
    return seen;
  }

  private Project withVisibleMembers(Actor actor, Project.Ref ref) {
    actor.demandManage();
    ProjectStore.VisibleProject seen =
        visible(actor, projects.find(ref, actor.sight())).orElseThrow(RefusedException::notFound);
    demandAllowed(actor, seen, ProjectAction.SEE_MEMBERS);
    return seen.project();
  }

  private void demandAllowed(Actor actor, ProjectStore.VisibleProject seen, ProjectAction action) {
    if (!ProjectPermissions.allows(ProjectViews.relationship(actor, seen, changes.now()), action)) {
      throw RefusedException.forbidden("Your role in this project does not allow this.");
    }
  }
}
