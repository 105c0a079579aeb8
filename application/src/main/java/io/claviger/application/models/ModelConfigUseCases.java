package io.claviger.application.models;

import io.claviger.application.models.ModelConfigView.TargetView;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.providers.ProviderReferences;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.Fault;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

final class ModelConfigUseCases implements ModelConfigs {
  private final ModelConfigStore models;
  private final ModelWriteResolver writes;
  private final Catalogue catalogue;
  private final AuditedChanges changes;

  ModelConfigUseCases(
      ModelConfigStore models,
      ModelBinding binding,
      ProviderReferences providers,
      Catalogue catalogue,
      AuditedChanges changes) {
    this.models = models;
    this.writes = new ModelWriteResolver(models, binding, providers);
    this.catalogue = catalogue;
    this.changes = changes;
  }

  @Override
  public Outcome<ModelConfigView> find(Actor actor, ModelConfig.Id id) {
    return Outcome.of(
        () -> {
          demandMayLook(actor);
          ModelConfig model = models.find(id).orElseThrow(RefusedException::notFound);
          return catalogue.statuses().view(model);
        });
  }

  @Override
  public Outcome<Page<ModelConfigView, TimeCursor>> list(
      Actor actor, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          demandMayLook(actor);
          Page<ModelConfig, TimeCursor> live =
              Page.of(
                  models.live(page.after(), page.limit() + 1), page.limit(), Catalogue::position);
          ModelStatuses statuses = catalogue.statuses();
          return live.map(statuses::view);
        });
  }

  @Override
  public Outcome<ModelConfigView> create(Actor actor, ModelConfigCommand command) {
    return changes.change(
        actor,
        AuditAction.MODEL_CREATE,
        attempted(command),
        log -> {
          Catalogue.demandAdministrator(actor);
          demandWhole(command);
          models.lock();
          return insert(actor, command, log);
        });
  }

  @Override
  public Outcome<ModelConfigView> patch(
      Actor actor, ModelConfig.Id id, Precondition precondition, ModelConfigCommand command) {
    return changes.change(
        actor,
        AuditAction.MODEL_UPDATE,
        AuditTargets.model(id.value().toString()),
        log -> {
          Catalogue.demandAdministrator(actor);
          models.lock();
          ModelConfig before = models.find(id).orElseThrow(RefusedException::notFound);
          precondition.demand(before.version());
          return update(actor, before, command, log);
        });
  }

  @Override
  public Outcome<ModelConfig.Id> delete(Actor actor, ModelConfig.Id id, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.MODEL_DELETE,
        AuditTargets.model(id.value().toString()),
        log -> {
          Catalogue.demandAdministrator(actor);
          models.lock();
          ModelConfig model = models.find(id).orElseThrow(RefusedException::notFound);
          precondition.demand(model.version());
          Instant now = changes.now();
          models.delete(id, actor.id(), now);
          log.recordChange(AuditAction.MODEL_DELETE, AuditTargets.model(model), List.of());
          catalogue.mendDefault(actor, now, log);
          return id;
        });
  }

  @Override
  public Outcome<Page<DeletedModel, TimeCursor>> listDeleted(
      Actor actor, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          demandMayLook(actor);
          return Page.of(
              models.deleted(page.after(), page.limit() + 1),
              page.limit(),
              gone -> new TimeCursor(gone.at(), gone.model().id().value()));
        });
  }

  @Override
  public Outcome<ModelConfigView> restore(Actor actor, ModelConfig.Id id) {
    return changes.change(
        actor,
        AuditAction.MODEL_RESTORE,
        AuditTargets.model(id.value().toString()),
        log -> {
          Catalogue.demandAdministrator(actor);
          models.lock();
          Instant now = changes.now();
          ModelConfig restored = writes.ofRestored(actor, deleted(id), now);
          models.restore(restored, actor.id());
          log.recordChange(AuditAction.MODEL_RESTORE, AuditTargets.model(restored), List.of());
          catalogue.mendDefault(actor, now, log);
          return written(id);
        });
  }

  private ModelConfig deleted(ModelConfig.Id id) {
    if (models.find(id).isPresent()) {
      throw RefusedException.conflict("not_deleted", "This model is in the catalogue.");
    }
    return models.findDeleted(id).orElseThrow(RefusedException::notFound).model();
  }

  private static void demandMayLook(Actor actor) {
    actor.demandManage();
    Catalogue.demandAdministrator(actor);
  }

  private ModelConfigView insert(Actor actor, ModelConfigCommand command, ChangeLog log) {
    Instant now = changes.now();
    ModelWriteResolver.Written written = writes.ofNew(actor, command, now);
    ModelConfig.Id id = new ModelConfig.Id(changes.ids().next());
    boolean first = models.live(Optional.empty(), 1).isEmpty();
    boolean isDefault = first || command.fields().get(ModelFields.IS_DEFAULT).or(false);
    if (isDefault) {
      catalogue.clearDefault(actor, now, log);
    }
    ModelConfig model =
        new ModelConfig(
            id,
            written.settings(),
            isDefault,
            written.instance(),
            written.route(),
            Optional.of(actor.handle()),
            Optional.of(actor.handle()),
            1,
            now,
            now);
    models.insert(model, actor.id());
    log.recordChange(AuditAction.MODEL_CREATE, AuditTargets.model(model), List.of());
    return written(id);
  }

  private ModelConfigView update(
      Actor actor, ModelConfig before, ModelConfigCommand command, ChangeLog log) {
    Instant now = changes.now();
    List<NamedTarget> current =
        catalogue.statuses().view(before).targets().stream().map(TargetView::named).toList();
    ModelWriteResolver.Written written = writes.ofChanged(actor, before, current, command, now);
    ModelSettings settings = written.settings();
    Optional<Instance.Id> instance = written.instance();
    boolean stepsBack = before.isDefault() && stepsBack(before, settings, instance);
    demandInOrder(before, settings, instance, command, stepsBack);
    boolean becomesDefault =
        !before.isDefault() && command.fields().get(ModelFields.IS_DEFAULT).or(false);
    ModelConfig after =
        new ModelConfig(
            before.id(),
            settings,
            before.isDefault() || becomesDefault,
            instance,
            written.route(),
            before.createdBy(),
            Optional.of(actor.handle()),
            before.version() + 1,
            before.createdAt(),
            now);
    List<String> changed = differing(before, after);
    if (becomesDefault) {
      catalogue.clearDefault(actor, now, log);
    }
    if (!changed.isEmpty()) {
      models.update(after, actor.id());
      log.recordChange(
          AuditAction.MODEL_UPDATE,
          AuditTargets.model(after),
          changed,
          AuditEvent.Term.changed(
              before.values().texts(ModelFields.ALL), after.values().texts(ModelFields.ALL)));
    }
    if (stepsBack) {
      catalogue.replaceDefault(actor, now, log);
    }
    return written(before.id());
  }

  /** Whether a change disables a model or unbinds it from its service. */
  private static boolean stepsBack(
      ModelConfig before, ModelSettings settings, Optional<Instance.Id> instance) {
    boolean disabled = before.settings().enabled() && !settings.enabled();
    return disabled || (before.instance().isPresent() && instance.isEmpty());
  }

  private static void demandWhole(ModelConfigCommand command) {
    boolean onTargets = command.targets().given().filter(t -> !t.isEmpty()).isPresent();
    List<Fault> faults = new ArrayList<>(onTargets ? List.of() : command.fields().missing());
    if (command.fields().get(ModelFields.IS_DEFAULT).or(false)
        && !command.fields().get(ModelFields.ENABLED).or(true)) {
      faults.add(notWhileDisabled());
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static void demandInOrder(
      ModelConfig before,
      ModelSettings settings,
      Optional<Instance.Id> instance,
      ModelConfigCommand command,
      boolean stepsBack) {
    List<Fault> faults = new ArrayList<>();
    boolean wanted = command.fields().get(ModelFields.IS_DEFAULT).or(before.isDefault());
    if (before.isDefault() && !wanted && !stepsBack) {
      faults.add(
          new Fault(
              "/is_default",
              "default_required",
              "One model is always the default. Make another model the default instead."));
    }
    if (!before.isDefault() && wanted && !settings.enabled()) {
      faults.add(notWhileDisabled());
    }
    boolean stays = instance.isPresent() && instance.equals(before.instance());
    if (stays && !settings.provider().equals(before.settings().provider())) {
      faults.add(ModelBinding.otherProvider());
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static Fault notWhileDisabled() {
    return Fault.notAllowed("is_default", "A disabled model can't be made the default.");
  }

  private static List<String> differing(ModelConfig before, ModelConfig after) {
    return Stream.concat(
            before.values().differingFrom(after.values(), ModelFields.ALL).stream()
                .map(ScalarField::name),
            new FieldDifferences()
                    .of("service", before.instance(), after.instance())
                    .of("targets", before.route().further(), after.route().further())
                    .names()
                    .stream())
        .toList();
  }

  private ModelConfigView written(ModelConfig.Id id) {
    ModelConfig now = models.find(id).orElseThrow();
    return catalogue.statuses().view(now);
  }

  private static AuditTarget attempted(ModelConfigCommand command) {
    String provider =
        command.fields().get(DefinitionFields.PROVIDER).given().map(p -> p.wireName()).orElse("?");
    String model =
        command.fields().get(DefinitionFields.MODEL).given().map(m -> m.value()).orElse("?");
    return AuditTargets.model(provider + "/" + model);
  }
}
