package io.claviger.application.projects;

import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRef;
import java.util.List;
import java.util.OptionalLong;

final class DeleteProjectService implements DeleteProject {
  private final ProjectStore projects;
  private final AuditedChanges attempts;

  DeleteProjectService(ProjectStore projects, AuditedChanges attempts) {
    this.projects = projects;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, ProjectRef ref, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.PROJECT_DELETE,
        AuditTargets.project(ref),
        ledger -> {
          ProjectStore.Seen seen =
              projects
                  .lock(ref, actor.id())
                  .filter(s -> ProjectViews.isVisible(actor, s))
                  .orElseThrow(RefusedException::notFound);
          ledger.setTarget(AuditTargets.project(seen.project()));
          if (!ProjectPermissions.allows(
              ProjectViews.standing(actor, seen), ProjectAction.DELETE)) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator deletes this project.");
          }
          precondition.demand(OptionalLong.of(seen.project().version()));
          projects.delete(seen.project().id());
          ledger.recordChange(
              AuditAction.PROJECT_DELETE, AuditTargets.project(seen.project()), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }
}
