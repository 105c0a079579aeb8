package io.claviger.application.projects;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Shares;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

final class ShareProjectService implements ShareProject {
  private final ProjectStore projects;
  private final ShareStore<ProjectId> shares;
  private final Shares<ProjectId> grants;
  private final AuditedChanges attempts;

  ShareProjectService(
      ProjectStore projects,
      ShareStore<ProjectId> shares,
      UserStore users,
      AuditedChanges attempts) {
    this.projects = projects;
    this.shares = shares;
    this.grants = new Shares<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome share(
      Actor actor, ProjectRef ref, Handle member, Precondition precondition, Role role) {
    return attempts.change(
        actor,
        AuditAction.PROJECT_SHARE,
        AuditTargets.project(ref),
        ledger -> {
          Project project =
              allowed(
                      actor,
                      noted(actor, projects.hold(ref, actor.id()), ledger),
                      ProjectAction.SHARE)
                  .project();
          if (role == Role.OWNER) {
            throw RefusedException.invalid(
                Fault.notAllowed("role", "Members are reader or writer: a project has one owner."));
          }
          User user = grants.grantee(member, ref.owner());
          Share.Terms terms = new Share.Terms(role, false, Optional.empty(), Limits.NONE);
          GivenShare given =
              grants.give(
                  project.id(),
                  user,
                  terms,
                  actor.handle(),
                  actor.id(),
                  Optional.empty(),
                  precondition);
          if (given.created()) {
            ledger.recordAddition(CountedKind.SHARE, actor.id());
          }
          if (given.changed()) {
            ledger.recordChange(
                AuditAction.PROJECT_SHARE, AuditTargets.project(project), List.of(member.value()));
          }
          return new Outcome.Shared(given.share(), given.created());
        },
        Outcome.Refused::new);
  }

  @Override
  public EndOutcome end(Actor actor, ProjectRef ref, Handle member, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.PROJECT_UNSHARE,
        AuditTargets.project(ref),
        ledger -> {
          boolean leaves = actor.handle().equals(member) && !actor.handle().equals(ref.owner());
          Project project =
              allowed(
                      actor,
                      noted(actor, projects.hold(ref, actor.id()), ledger),
                      leaves ? ProjectAction.LEAVE : ProjectAction.SHARE)
                  .project();
          Optional<Share> share = grants.lock(project.id(), member);
          grants.end(project.id(), share, precondition);
          if (share.isPresent()) {
            ledger.recordChange(
                AuditAction.PROJECT_UNSHARE,
                AuditTargets.project(project),
                List.of(member.value()));
          }
          return new EndOutcome.Ended();
        },
        EndOutcome.Refused::new);
  }

  @Override
  public Outcome find(Actor actor, ProjectRef ref, Handle member) {
    try {
      actor.demandManage();
      Project project =
          allowed(actor, projects.find(ref, actor.id()), ProjectAction.SEE_MEMBERS).project();
      return new Outcome.Shared(grants.find(project.id(), member), false);
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  @Override
  public ListOutcome list(Actor actor, ProjectRef ref, PageRequest<Handle> page) {
    try {
      actor.demandManage();
      Project project =
          allowed(actor, projects.find(ref, actor.id()), ProjectAction.SEE_MEMBERS).project();
      return new ListOutcome.Listed(
          Page.of(
              shares.listOf(project.id(), page.after(), page.limit() + 1),
              page.limit(),
              Share::granteeHandle));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }

  private static Optional<ProjectStore.Seen> noted(
      Actor actor, Optional<ProjectStore.Seen> found, ChangeLog ledger) {
    found
        .filter(seen -> ProjectViews.isVisible(actor, seen))
        .ifPresent(seen -> ledger.setTarget(AuditTargets.project(seen.project())));
    return found;
  }

  private static ProjectStore.Seen allowed(
      Actor actor, Optional<ProjectStore.Seen> found, ProjectAction action) {
    ProjectStore.Seen seen =
        found.filter(s -> ProjectViews.isVisible(actor, s)).orElseThrow(RefusedException::notFound);
    if (!ProjectPermissions.allows(ProjectViews.standing(actor, seen), action)) {
      throw RefusedException.forbidden("Your role in this project does not allow this.");
    }
    return seen;
  }
}
