package io.claviger.application.models;

import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.Fault;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;
import io.claviger.domain.models.ModelSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class WriteModelConfigService implements WriteModelConfig {
  private final ModelConfigStore models;
  private final ModelBinding binding;
  private final Catalogue catalogue;
  private final Ids ids;
  private final AuditedChanges attempts;

  WriteModelConfigService(
      ModelConfigStore models,
      ModelBinding binding,
      Catalogue catalogue,
      Ids ids,
      AuditedChanges attempts) {
    this.models = models;
    this.binding = binding;
    this.catalogue = catalogue;
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome create(Actor actor, Command command) {
    return attempts.change(
        actor,
        AuditAction.MODEL_CREATE,
        attempted(command),
        ledger -> {
          Catalogue.demandAdministrator(actor);
          demandWhole(command);
          models.lock();
          return insert(actor, command, ledger);
        },
        Outcome.Refused::new);
  }

  @Override
  public Outcome patch(Actor actor, ModelConfigId id, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.MODEL_UPDATE,
        AuditTargets.model(id.value().toString()),
        ledger -> {
          Catalogue.demandAdministrator(actor);
          models.lock();
          ModelConfig before = models.find(id).orElseThrow(RefusedException::notFound);
          precondition.demand(OptionalLong.of(before.version()));
          return update(actor, before, command, ledger);
        },
        Outcome.Refused::new);
  }

  private Outcome insert(Actor actor, Command command, ChangeLog ledger) {
    Instant now = attempts.now();
    ModelSettings settings = command.settings().settingsOfNewModel();
    Optional<InstanceId> instance =
        binding.forNewModel(actor, command.service(), settings.provider(), now);
    ModelConfigId id = new ModelConfigId(ids.next());
    boolean first = models.live(Optional.empty(), 1).isEmpty();
    boolean isDefault = first || command.isDefault().or(false);
    if (isDefault) {
      catalogue.clearDefault(actor, now, ledger);
    }
    ModelConfig model =
        new ModelConfig(
            id,
            settings,
            isDefault,
            instance,
            Optional.of(actor.handle()),
            Optional.of(actor.handle()),
            1,
            now,
            now);
    models.insert(model, actor.id());
    ledger.recordChange(AuditAction.MODEL_CREATE, AuditTargets.model(model), List.of());
    return written(id);
  }

  private Outcome update(Actor actor, ModelConfig before, Command command, ChangeLog ledger) {
    Instant now = attempts.now();
    ModelSettings settings = command.settings().merging(before.settings());
    Optional<InstanceRef> ref =
        before.instance().flatMap(id -> catalogue.statuses().view(before).service());
    Optional<InstanceId> instance =
        binding.forChangedModel(
            actor, command.service(), settings.provider(), before.instance(), ref, now);
    boolean stepsBack = before.isDefault() && stepsBack(before, settings, instance);
    demandInOrder(before, settings, instance, command, stepsBack);
    boolean becomesDefault = !before.isDefault() && command.isDefault().or(false);
    List<String> fields = differing(before, settings, instance, becomesDefault);
    if (becomesDefault) {
      catalogue.clearDefault(actor, now, ledger);
    }
    if (!fields.isEmpty()) {
      ModelConfig after =
          new ModelConfig(
              before.id(),
              settings,
              before.isDefault() || becomesDefault,
              instance,
              before.createdBy(),
              Optional.of(actor.handle()),
              before.version() + 1,
              before.createdAt(),
              now);
      models.update(after, actor.id());
      ledger.recordChange(AuditAction.MODEL_UPDATE, AuditTargets.model(after), fields);
    }
    if (stepsBack) {
      catalogue.mendDefault(actor, now, true, ledger);
    }
    return written(before.id());
  }

  /** Of a default: it is disabled, or loses its service. */
  private static boolean stepsBack(
      ModelConfig before, ModelSettings settings, Optional<InstanceId> instance) {
    boolean disabled = before.settings().enabled() && !settings.enabled();
    return disabled || (before.instance().isPresent() && instance.isEmpty());
  }

  private static void demandWhole(Command command) {
    List<Fault> faults = new ArrayList<>(command.settings().missing());
    if (command.isDefault().or(false) && !command.settings().enabled().or(true)) {
      faults.add(notWhileDisabled());
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static void demandInOrder(
      ModelConfig before,
      ModelSettings settings,
      Optional<InstanceId> instance,
      Command command,
      boolean stepsBack) {
    List<Fault> faults = new ArrayList<>();
    boolean wanted = command.isDefault().or(before.isDefault());
    if (before.isDefault() && !wanted && !stepsBack) {
      faults.add(
          new Fault(
              "/is_default",
              "default_required",
              "One model is always the default. Make another one it instead."));
    }
    if (!before.isDefault() && wanted && !settings.enabled()) {
      faults.add(notWhileDisabled());
    }
    boolean stays = instance.isPresent() && instance.equals(before.instance());
    if (stays && settings.provider() != before.settings().provider()) {
      faults.add(ModelBinding.otherProvider());
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static Fault notWhileDisabled() {
    return Fault.notAllowed("is_default", "A disabled model can't be made the default.");
  }

  private static List<String> differing(
      ModelConfig before,
      ModelSettings after,
      Optional<InstanceId> instance,
      boolean becomesDefault) {
    ModelSettings old = before.settings();
    return new FieldDifferences()
        .of("provider", old.provider(), after.provider())
        .of("model", old.model(), after.model())
        .of("display_name", old.displayName(), after.displayName())
        .of("enabled", old.enabled(), after.enabled())
        .of("context_limit", old.contextLimit(), after.contextLimit())
        .of("compression_threshold", old.compressionThreshold(), after.compressionThreshold())
        .of("service", before.instance(), instance)
        .of("is_default", before.isDefault(), before.isDefault() || becomesDefault)
        .names();
  }

  private Outcome written(ModelConfigId id) {
    ModelConfig now = models.find(id).orElseThrow();
    return new Outcome.Written(catalogue.statuses().view(now));
  }

  private static AuditTarget attempted(Command command) {
    String provider = command.settings().provider().given().map(p -> p.wireName()).orElse("?");
    String model = command.settings().model().given().map(m -> m.value()).orElse("?");
    return AuditTargets.model(provider + "/" + model);
  }
}
