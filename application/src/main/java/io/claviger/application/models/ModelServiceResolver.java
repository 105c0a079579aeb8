package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.sharing.Audience;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ModelServiceResolver {
  private final Map<Instance.Id, InstanceStore.VisibleInstance> byId = new HashMap<>();
  private final Map<Provider, InstanceStore.VisibleInstance> oldestEnabled = new HashMap<>();

  ModelServiceResolver(List<InstanceStore.VisibleInstance> services) {
    services.stream()
        .sorted(
            Comparator.comparing(InstanceStore.VisibleInstance::instance, Instance.OLDEST_FIRST))
        .forEach(this::add);
  }

  private void add(InstanceStore.VisibleInstance service) {
    Instance instance = service.instance();
    byId.put(instance.id(), service);
    if (instance.settings().enabled() && instance.audience() == Audience.EVERYBODY) {
      oldestEnabled.putIfAbsent(instance.settings().fields().provider(), service);
    }
  }

  /**
   * A service that serves a model.
   *
   * @param model the provider's name of the model
   */
  record ModelService(InstanceStore.VisibleInstance service, ModelName model) {}

  /**
   * Returns the services that serve a model, in the order in which they are tried. An unbound model
   * is served by the oldest enabled service of its provider that everybody uses.
   */
  List<ModelService> of(ModelConfig model) {
    return model.instance().isPresent()
        ? model.targets().stream()
            .flatMap(
                target ->
                    Optional.ofNullable(byId.get(target.service()))
                        .map(service -> new ModelService(service, target.model()))
                        .stream())
            .toList()
        : Optional.ofNullable(oldestEnabled.get(model.settings().provider()))
            .map(service -> new ModelService(service, model.settings().model()))
            .stream()
            .toList();
  }
}
