package io.claviger.application.projects;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.grants.Grants;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Ledger;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Targets;
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
  private final Projects projects;
  private final SharesOf<ProjectId> shares;
  private final Grants<ProjectId> grants;
  private final Attempts attempts;

  ShareProjectService(
      Projects projects, SharesOf<ProjectId> shares, Users users, Attempts attempts) {
    this.projects = projects;
    this.shares = shares;
    this.grants = new Grants<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome share(
      Actor actor, ProjectRef ref, Handle member, Precondition precondition, Role role) {
    return attempts.change(
        actor,
        AuditAction.PROJECT_SHARE,
        Targets.project(ref),
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
          Grants.Given given =
              grants.give(
                  project.id(),
                  user,
                  terms,
                  actor.handle(),
                  actor.id(),
                  Optional.empty(),
                  precondition);
          if (given.created()) {
            ledger.added(CountedKind.SHARE, actor.id());
          }
          if (given.changed()) {
            ledger.changed(
                AuditAction.PROJECT_SHARE, Targets.project(project), List.of(member.value()));
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
        Targets.project(ref),
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
            ledger.changed(
                AuditAction.PROJECT_UNSHARE, Targets.project(project), List.of(member.value()));
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
      return grants
          .find(project.id(), member)
          .<Outcome>map(share -> new Outcome.Shared(share, false))
          .orElseThrow(RefusedException::notFound);
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
              shares.of(project.id(), page.after(), page.limit() + 1),
              page.limit(),
              Share::granteeHandle));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }

  private static Optional<Projects.Seen> noted(
      Actor actor, Optional<Projects.Seen> found, Ledger ledger) {
    found
        .filter(seen -> ProjectViews.isVisible(actor, seen))
        .ifPresent(seen -> ledger.about(Targets.project(seen.project())));
    return found;
  }

  private static Projects.Seen allowed(
      Actor actor, Optional<Projects.Seen> found, ProjectAction action) {
    Projects.Seen seen =
        found.filter(s -> ProjectViews.isVisible(actor, s)).orElseThrow(RefusedException::notFound);
    if (!ProjectPermissions.allows(ProjectViews.standing(actor, seen), action)) {
      throw RefusedException.forbidden("Your role in this project does not allow this.");
    }
    return seen;
  }
}
