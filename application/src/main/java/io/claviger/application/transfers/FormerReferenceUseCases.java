package io.claviger.application.transfers;

import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.domain.transfers.TransferItem;
import java.util.List;

final class FormerReferenceUseCases implements FormerReferences {
  private static final List<String> FIELDS = List.of("former_references");

  private final MovedReferences moved;
  private final Instances instances;
  private final Projects projects;
  private final AuditedChanges changes;

  FormerReferenceUseCases(
      MovedReferences moved, Instances instances, Projects projects, AuditedChanges changes) {
    this.moved = moved;
    this.instances = instances;
    this.projects = projects;
    this.changes = changes;
  }

  @Override
  public Outcome<List<FormerReference>> of(Actor actor, Instance.Ref service) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return moved.of(TransferItem.Kind.SERVICE, owned(actor, service).id().value());
        });
  }

  @Override
  public Outcome<List<FormerReference>> of(Actor actor, Project.Ref project) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return moved.of(TransferItem.Kind.PROJECT, owned(actor, project).id().value());
        });
  }

  @Override
  public Outcome<Instance.Ref> end(Actor actor, Instance.Ref service) {
    return changes.change(
        actor,
        AuditAction.SERVICE_UPDATE,
        AuditTargets.service(service),
        log -> {
          Instance found = owned(actor, service);
          log.setTarget(AuditTargets.service(found));
          if (moved.end(TransferItem.Kind.SERVICE, found.id().value(), found.owner()) > 0) {
            log.recordChange(AuditAction.SERVICE_UPDATE, AuditTargets.service(found), FIELDS);
          }
          return found.ref();
        });
  }

  @Override
  public Outcome<Project.Ref> end(Actor actor, Project.Ref project) {
    return changes.change(
        actor,
        AuditAction.PROJECT_UPDATE,
        AuditTargets.project(project),
        log -> {
          Project found = owned(actor, project);
          log.setTarget(AuditTargets.project(found));
          if (moved.end(TransferItem.Kind.PROJECT, found.id().value(), found.owner()) > 0) {
            log.recordChange(AuditAction.PROJECT_UPDATE, AuditTargets.project(found), FIELDS);
          }
          return found.ref();
        });
  }

  private Instance owned(Actor actor, Instance.Ref ref) {
    Instance found = instances.find(actor, ref).orThrow(RefusedException::new).instance();
    demandOwner(actor, found.owner());
    return found;
  }

  private Project owned(Actor actor, Project.Ref ref) {
    Project found = projects.find(actor, ref).orThrow(RefusedException::new).project();
    demandOwner(actor, found.owner());
    return found;
  }

  private static void demandOwner(Actor actor, User.Id owner) {
    if (!actor.id().equals(owner) && !actor.administrator()) {
      throw RefusedException.forbidden(
          "Only the owning user or an administrator can see and end former references.");
    }
  }
}
