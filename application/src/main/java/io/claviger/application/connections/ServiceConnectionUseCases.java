package io.claviger.application.connections;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.connections.port.ConnectionStore.OpenConnection;
import io.claviger.application.connections.port.ConnectionStore.Question;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.ConnectionSight;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

final class ServiceConnectionUseCases implements ServiceConnections {
  private final InstanceStore services;
  private final ConnectionStore connections;
  private final AuditedChanges changes;

  ServiceConnectionUseCases(
      InstanceStore services, ConnectionStore connections, AuditedChanges changes) {
    this.services = services;
    this.connections = connections;
    this.changes = changes;
  }

  @Override
  public Outcome<Page<OpenConnection, TimeCursor>> list(
      Actor actor, Instance.Ref service, PageRequest<TimeCursor> page) {
    return Outcome.of(() -> page(question(actor, find(actor, service)), page));
  }

  @Override
  public Outcome<Page<OpenConnection, TimeCursor>> listOwn(
      Actor actor, PageRequest<TimeCursor> page) {
    return Outcome.of(() -> page(ofOwn(actor), page));
  }

  @Override
  public Outcome<UUID> end(Actor actor, Instance.Ref service, UUID id) {
    return changes.change(
        actor,
        AuditAction.CONNECTION_END,
        AuditTargets.service(service),
        log -> {
          InstanceStore.VisibleInstance seen = find(actor, service);
          AuditTarget target = AuditTargets.service(seen.instance());
          log.setTarget(target);
          return end(id, question(actor, seen), target, log);
        });
  }

  @Override
  public Outcome<UUID> endOwn(Actor actor, UUID id) {
    AuditTarget target = AuditTargets.user(actor.id(), actor.handle());
    return changes.change(
        actor, AuditAction.CONNECTION_END, target, log -> end(id, ofOwn(actor), target, log));
  }

  private UUID end(UUID id, Question among, AuditTarget target, ChangeLog log) {
    if (!connections.end(id, among)) {
      throw RefusedException.notFound();
    }
    log.recordChange(AuditAction.CONNECTION_END, target, List.of(id.toString()));
    return id;
  }

  private Page<OpenConnection, TimeCursor> page(Question of, PageRequest<TimeCursor> page) {
    return Page.of(
        connections.list(of, page.after(), page.limit() + 1),
        page.limit(),
        connection -> new TimeCursor(connection.since(), connection.id()));
  }

  private InstanceStore.VisibleInstance find(Actor actor, Instance.Ref service) {
    return services
        .find(service, actor.sight(), changes.now())
        .filter(s -> actor.isWithinRestriction(s.instance().id()))
        .orElseThrow(RefusedException::notFound);
  }

  private Question question(Actor actor, InstanceStore.VisibleInstance seen) {
    Optional<Instance.Id> service = Optional.of(seen.instance().id());
    return switch (ConnectionSight.of(seen.relationship(actor, changes.now()), actor.mayManage())) {
      case ALL -> new Question(actor.id(), service, Optional.empty(), Optional.empty());
      case OWN -> new Question(actor.id(), service, Optional.of(actor.id()), Optional.empty());
      case NONE -> throw RefusedException.notFound();
    };
  }

  private static Question ofOwn(Actor actor) {
    return new Question(
        actor.id(), Optional.empty(), Optional.of(actor.id()), actor.sight().only());
  }
}
