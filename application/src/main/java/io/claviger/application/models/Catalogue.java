package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DefaultModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.models.ModelTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Determines the status of models, keeps exactly one default model, and removes models when their
 * instance is deleted.
 */
final class Catalogue implements ModelCatalogue {
  private final ModelConfigStore models;
  private final InstanceStore instances;
  private final KeyDecisions decisions;
  private final AuditedChanges changes;

  Catalogue(
      ModelConfigStore models,
      InstanceStore instances,
      KeyDecisions decisions,
      AuditedChanges changes) {
    this.models = models;
    this.instances = instances;
    this.decisions = decisions;
    this.changes = changes;
  }

  static TimeCursor position(ModelConfig model) {
    return new TimeCursor(model.createdAt(), model.id().value());
  }

  @Override
  public void lock() {
    models.lock();
  }

  @Override
  public void withdraw(Instance instance, Actor actor, ChangeLog log, Runnable deletion) {
    Instant now = changes.now();
    Provider provider = instance.settings().fields().provider();
    dropTarget(instance.id(), actor, now, log);
    recordDeletions(models.deleteBoundTo(instance.id(), actor.id(), now), log);
    deletion.run();
    boolean remains = decisions.hasDeploymentKey(provider) || instances.holdsEnabled(provider);
    if (!remains) {
      recordDeletions(models.deleteUnboundOf(provider, actor.id(), now), log);
    }
    mendDefault(actor, now, log);
  }

  /**
   * Removes a service from the targets of models that have other targets too. If the service was a
   * model's first target, the next target becomes the first.
   */
  private void dropTarget(Instance.Id gone, Actor actor, Instant now, ChangeLog log) {
    for (ModelConfig model : models.servedBy(gone)) {
      List<ModelTarget> left =
          model.targets().stream().filter(target -> !target.service().equals(gone)).toList();
      if (!left.isEmpty()) {
        ModelConfig after = model.servedBy(left, provider(left.get(0)), actor.handle(), now);
        models.update(after, actor.id());
        log.recordChange(AuditAction.MODEL_UPDATE, AuditTargets.model(after), List.of("targets"));
      }
    }
  }

  private Provider provider(ModelTarget target) {
    return instances
        .find(target.service(), User.Id.SYSTEM, changes.now())
        .orElseThrow()
        .instance()
        .provider();
  }

  private static void recordDeletions(List<ModelConfig> deleted, ChangeLog log) {
    deleted.forEach(
        m -> log.recordChange(AuditAction.MODEL_DELETE, AuditTargets.model(m), List.of()));
  }

  /** Returns the status of each model. The status is the same for every viewer. */
  ModelStatuses statuses() {
    return new ModelStatuses(models.services(User.Id.SYSTEM, changes.now()), decisions);
  }

  /**
   * Ensures that exactly one live model is the default. The caller must have locked the catalogue.
   */
  void mendDefault(Actor actor, Instant now, ChangeLog log) {
    chooseDefault(actor, now, false, log);
  }

  /**
   * Ensures that exactly one live model is the default, after the default was disabled or unbound.
   * Another model might become the default.
   */
  void replaceDefault(Actor actor, Instant now, ChangeLog log) {
    chooseDefault(actor, now, true, log);
  }

  private void chooseDefault(Actor actor, Instant now, boolean steppedBack, ChangeLog log) {
    List<ModelConfig> live = models.live(Optional.empty(), Integer.MAX_VALUE);
    ModelStatuses statuses = statuses();
    List<DefaultModel.DefaultModelCandidate> candidates =
        live.stream()
            .map(
                m ->
                    new DefaultModel.DefaultModelCandidate(
                        m.id(),
                        m.createdAt(),
                        m.isDefault(),
                        statuses.of(m) == ModelStatus.RUNNABLE))
            .toList();
    DefaultModel.defaultOf(candidates, steppedBack)
        .ifPresent(id -> makeDefault(id, live, actor, now, log));
  }

  /**
   * Makes the present default an ordinary model, so that another model can become the default. The
   * caller must have locked the catalogue.
   */
  void clearDefault(Actor actor, Instant now, ChangeLog log) {
    models.live(Optional.empty(), Integer.MAX_VALUE).stream()
        .filter(ModelConfig::isDefault)
        .forEach(m -> mark(m, false, actor, now, log));
  }

  private void makeDefault(
      ModelConfig.Id id, List<ModelConfig> live, Actor actor, Instant now, ChangeLog log) {
    // The former default becomes an ordinary model first, so that there are never two default
    // models.
    live.stream()
        .filter(m -> m.isDefault() && !m.id().equals(id))
        .forEach(m -> mark(m, false, actor, now, log));
    live.stream()
        .filter(m -> !m.isDefault() && m.id().equals(id))
        .forEach(m -> mark(m, true, actor, now, log));
  }

  private void mark(ModelConfig model, boolean isDefault, Actor actor, Instant now, ChangeLog log) {
    models.update(
        new ModelConfig(
            model.id(),
            model.settings(),
            isDefault,
            model.instance(),
            model.route(),
            model.createdBy(),
            Optional.of(actor.handle()),
            model.version() + 1,
            model.createdAt(),
            now),
        actor.id());
    log.recordChange(AuditAction.MODEL_UPDATE, AuditTargets.model(model), List.of("is_default"));
  }

  static void demandAdministrator(Actor actor) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden(
          "Only administrators may see and change the model catalogue.");
    }
  }
}
