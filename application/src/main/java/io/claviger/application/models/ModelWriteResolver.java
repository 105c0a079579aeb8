package io.claviger.application.models;

import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.application.models.ModelTargets.HeldTarget;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.providers.ProviderReferences;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelRouteSettings;
import io.claviger.domain.models.ModelSettings;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Determines which services serve a model after a write, and by which name callers call the model.
 * The caller of these methods must have locked the catalogue. The services stay locked until the
 * transaction ends.
 */
final class ModelWriteResolver {
  private final ModelConfigStore models;
  private final ModelBinding binding;
  private final ModelTargets targets;
  private final ProviderReferences providers;

  ModelWriteResolver(ModelConfigStore models, ModelBinding binding, ProviderReferences providers) {
    this.models = models;
    this.binding = binding;
    this.providers = providers;
    this.targets = new ModelTargets(binding, models);
  }

  /**
   * The settings that a model has after a write.
   *
   * @param instance the service to which the model is bound; empty if the model is unbound
   */
  record Written(
      ModelSettings settings, Optional<Instance.Id> instance, ModelRouteSettings route) {}

  Written ofNew(Actor actor, ModelConfigCommand command, Instant now) {
    List<NamedTarget> named = command.targets().or(List.of());
    List<HeldTarget> held = targets.hold(actor, named, Set.of(), now);
    demandAgreement(command, named, held, Optional.empty(), Optional.empty());
    if (!held.isEmpty()) {
      HeldTarget first = held.get(0);
      ModelSettings settings =
          command.fields().on(first.instance().provider(), first.model()).settingsOfNewModel();
      return new Written(
          settings,
          Optional.of(first.instance().id()),
          routeOfNew(command, settings, targets.format(first.instance()), further(held)));
    }
    ModelSettings settings = command.fields().settingsOfNewModel();
    Field<Instance.Ref> service = command.targets().isAbsent() ? command.service() : Field.ofNull();
    Optional<Instance> bound = binding.forNewModel(actor, service, settings.provider(), now);
    WireFormat format = bound.map(targets::format).orElseGet(() -> format(settings));
    return new Written(
        settings, bound.map(Instance::id), routeOfNew(command, settings, format, List.of()));
  }

  /**
   * Determines the settings that an existing model has after a change.
   *
   * @param current the model's present targets, with the names of their services
   */
  Written ofChanged(
      Actor actor,
      ModelConfig before,
      List<NamedTarget> current,
      ModelConfigCommand command,
      Instant now) {
    Optional<List<NamedTarget>> named =
        command.targets().given().filter(given -> !given.equals(current));
    return named.isPresent() && !named.get().isEmpty()
        ? onTargets(actor, before, current, command, named.get(), now)
        : onService(actor, before, current, command, named.isPresent(), now);
  }

  /**
   * Returns a deleted model as it will be after its restoration: bound to no service, and with its
   * provider's default format.
   */
  ModelConfig ofRestored(Actor actor, ModelConfig deleted, Instant now) {
    WireFormat format = format(deleted.settings());
    ModelRouteSettings route = deleted.route();
    demandFree(route.name(), models.names(format));
    return new ModelConfig(
        deleted.id(),
        deleted.settings(),
        false,
        Optional.empty(),
        new ModelRouteSettings(format, route.name(), route.onFailure(), List.of()),
        deleted.createdBy(),
        Optional.of(actor.handle()),
        deleted.version() + 1,
        deleted.createdAt(),
        now);
  }

  private Written onTargets(
      Actor actor,
      ModelConfig before,
      List<NamedTarget> current,
      ModelConfigCommand command,
      List<NamedTarget> named,
      Instant now) {
    Set<Instance.Ref> serving =
        current.stream().map(NamedTarget::service).collect(Collectors.toSet());
    List<HeldTarget> held = targets.hold(actor, named, serving, now);
    demandAgreement(
        command,
        named,
        held,
        current.stream().findFirst(),
        Optional.of(before.settings().provider()));
    HeldTarget first = held.get(0);
    return new Written(
        command.fields().on(first.instance().provider(), first.model()).merging(before.settings()),
        Optional.of(first.instance().id()),
        routeOfChanged(command, before, targets.format(first.instance()), further(held)));
  }

  private Written onService(
      Actor actor,
      ModelConfig before,
      List<NamedTarget> current,
      ModelConfigCommand command,
      boolean unbinds,
      Instant now) {
    ModelSettings settings = command.fields().merging(before.settings());
    Optional<Instance.Ref> ref = current.stream().map(NamedTarget::service).findFirst();
    Field<Instance.Ref> service = unbinds ? Field.ofNull() : command.service();
    if (service.isAbsent() || (ref.isPresent() && service.given().equals(ref))) {
      demandOnce(before, settings);
      WireFormat format =
          before.instance().isPresent() ? before.route().format() : format(settings);
      return new Written(
          settings,
          before.instance(),
          routeOfChanged(command, before, format, before.route().further()));
    }
    Optional<Instance> bound = binding.forNewModel(actor, service, settings.provider(), now);
    WireFormat format = bound.map(targets::format).orElseGet(() -> format(settings));
    List<ModelTarget> further = bound.isPresent() ? before.route().further() : List.of();
    if (!further.isEmpty() && format != before.route().format()) {
      throw RefusedException.invalid(
          new Fault(
              "/service", "format_differs", "All targets of a model must have the same format."));
    }
    if (bound.isPresent()
        && further.contains(new ModelTarget(bound.get().id(), settings.model()))) {
      throw RefusedException.invalid(
          new Fault("/service", "duplicate", "The service is already one of the model's targets."));
    }
    return new Written(
        settings, bound.map(Instance::id), routeOfChanged(command, before, format, further));
  }

  /** Returns the format of a model without a service, which is its provider's default format. */
  private WireFormat format(ModelSettings settings) {
    List<Fault> faults = new ArrayList<>();
    return providers
        .held(settings.provider(), faults)
        .map(Provider::defaultFormat)
        .orElseThrow(() -> RefusedException.invalid(faults));
  }

  private static void demandOnce(ModelConfig before, ModelSettings settings) {
    if (before.instance().isPresent()
        && before
            .route()
            .further()
            .contains(new ModelTarget(before.instance().get(), settings.model()))) {
      throw RefusedException.invalid(
          new Fault("/model", "duplicate", "The service is already one of the model's targets."));
    }
  }

  /**
   * Checks the fields {@code service}, {@code provider} and {@code model} of a command that also
   * gives targets. Each of these fields must state the value from the first target, or the model's
   * former value.
   */
  private static void demandAgreement(
      ModelConfigCommand command,
      List<NamedTarget> named,
      List<HeldTarget> held,
      Optional<NamedTarget> before,
      Optional<Provider> providerBefore) {
    List<Fault> faults = new ArrayList<>();
    Optional<NamedTarget> first = named.stream().findFirst();
    if (!command.targets().isAbsent()) {
      Optional<Instance.Ref> service = command.service().given();
      if (service.isPresent()
          && !service.equals(first.map(NamedTarget::service))
          && !service.equals(before.map(NamedTarget::service))) {
        faults.add(
            Fault.notAllowed("service", "The service must be the service of the first target."));
      }
      if (first.isPresent()) {
        command
            .fields()
            .get(DefinitionFields.MODEL)
            .given()
            .filter(model -> !model.equals(first.get().model()))
            .filter(model -> before.filter(b -> b.model().equals(model)).isEmpty())
            .ifPresent(
                model ->
                    faults.add(
                        Fault.notAllowed(
                            "model", "The model must be the model of the first target.")));
      }
    }
    if (!held.isEmpty()) {
      command
          .fields()
          .get(DefinitionFields.PROVIDER)
          .given()
          .filter(provider -> !provider.equals(held.get(0).instance().provider()))
          .filter(provider -> !providerBefore.equals(Optional.of(provider)))
          .ifPresent(provider -> faults.add(ModelBinding.otherProvider()));
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private ModelRouteSettings routeOfNew(
      ModelConfigCommand command,
      ModelSettings settings,
      WireFormat format,
      List<ModelTarget> further) {
    Set<ModelAlias> taken = models.names(format);
    ModelAlias name =
        command
            .fields()
            .get(ModelFields.NAME)
            .given()
            .orElseGet(() -> ModelAlias.of(settings.model(), taken));
    demandFree(name, taken);
    return new ModelRouteSettings(
        format, name, command.fields().get(ModelFields.ON_FAILURE).or(FailureMode.NONE), further);
  }

  private ModelRouteSettings routeOfChanged(
      ModelConfigCommand command,
      ModelConfig before,
      WireFormat format,
      List<ModelTarget> further) {
    ModelRouteSettings old = before.route();
    ModelAlias name = command.fields().get(ModelFields.NAME).or(old.name());
    if (format != old.format() || !name.equals(old.name())) {
      demandFree(name, models.names(format));
    }
    return new ModelRouteSettings(
        format, name, command.fields().get(ModelFields.ON_FAILURE).or(old.onFailure()), further);
  }

  private static void demandFree(ModelAlias name, Set<ModelAlias> taken) {
    if (taken.contains(name)) {
      throw RefusedException.conflict(
          "name_taken", "Another model of this format has this name. Give a different name.");
    }
  }

  private static List<ModelTarget> further(List<HeldTarget> held) {
    return held.stream().skip(1).map(HeldTarget::target).toList();
  }
}
