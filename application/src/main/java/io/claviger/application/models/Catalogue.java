package io.claviger.application.models;

import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.models.DefaultModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;
import io.claviger.domain.models.ModelStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The catalogue as a whole: the status of its models, and that exactly one is the default. */
final class Catalogue {
  private final ModelConfigStore models;
  private final KeyDecisions resolution;

  Catalogue(ModelConfigStore models, KeyDecisions resolution) {
    this.models = models;
    this.resolution = resolution;
  }

  /** The status does not depend on who looks. */
  ModelStatuses statuses() {
    return new ModelStatuses(models.services(UserId.SYSTEM), resolution);
  }

  /**
   * Sees to it that exactly one live model is the default; the catalogue is locked.
   *
   * @param steppedBack the default was disabled or unbound just now
   */
  void mendDefault(Actor actor, Instant now, boolean steppedBack, ChangeLog ledger) {
    List<ModelConfig> live = models.live(Optional.empty(), Integer.MAX_VALUE);
    ModelStatuses statuses = statuses();
    List<DefaultModel.Candidate> candidates =
        live.stream()
            .map(
                m ->
                    new DefaultModel.Candidate(
                        m.id(),
                        m.createdAt(),
                        m.isDefault(),
                        statuses.of(m) == ModelStatus.RUNNABLE))
            .toList();
    DefaultModel.defaultOf(candidates, steppedBack)
        .ifPresent(id -> makeDefault(id, live, actor, now, ledger));
  }

  /** Takes the mark from the one that is the default, for another; the catalogue is locked. */
  void clearDefault(Actor actor, Instant now, ChangeLog ledger) {
    models.live(Optional.empty(), Integer.MAX_VALUE).stream()
        .filter(ModelConfig::isDefault)
        .forEach(m -> mark(m, false, actor, now, ledger));
  }

  private void makeDefault(
      ModelConfigId id, List<ModelConfig> live, Actor actor, Instant now, ChangeLog ledger) {
    // The one that is goes first: there are never two.
    live.stream()
        .filter(m -> m.isDefault() && !m.id().equals(id))
        .forEach(m -> mark(m, false, actor, now, ledger));
    live.stream()
        .filter(m -> !m.isDefault() && m.id().equals(id))
        .forEach(m -> mark(m, true, actor, now, ledger));
  }

  private void mark(
      ModelConfig model, boolean isDefault, Actor actor, Instant now, ChangeLog ledger) {
    models.update(
        new ModelConfig(
            model.id(),
            model.settings(),
            isDefault,
            model.instance(),
            model.createdBy(),
            Optional.of(actor.handle()),
            model.version() + 1,
            model.createdAt(),
            now),
        actor.id());
    ledger.recordChange(AuditAction.MODEL_UPDATE, AuditTargets.model(model), List.of("is_default"));
  }

  static void demandAdministrator(Actor actor) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden("Only administrators keep the model catalogue.");
    }
  }
}
