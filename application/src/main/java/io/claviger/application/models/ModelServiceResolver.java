package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ModelServiceResolver {
  private final Map<Instance.Id, InstanceStore.VisibleInstance> byId = new HashMap<>();
  private final Map<Provider, List<InstanceStore.VisibleInstance>> enabled = new HashMap<>();

  ModelServiceResolver(List<InstanceStore.VisibleInstance> services) {
    services.stream()
        .sorted(
            Comparator.comparing(InstanceStore.VisibleInstance::instance, Instance.OLDEST_FIRST))
        .forEach(this::add);
  }

  private void add(InstanceStore.VisibleInstance service) {
    Instance instance = service.instance();
    byId.put(instance.id(), service);
    if (instance.settings().enabled()) {
      boolean unused =
          enabled
              .computeIfAbsent(instance.settings().fields().provider(), p -> new ArrayList<>())
              .add(service);
    }
  }

  /**
   * A service that serves a model.
   *
   * @param model the provider's name for the model
   */
  record ModelService(InstanceStore.VisibleInstance service, ModelName model) {}

  /**
   * Returns the services that serve a model, in the order in which they are tried. An unbound model
   * is served by its provider's enabled services, the oldest first. This method does not check the
   * rights of callers.
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
        : enabled.getOrDefault(model.settings().provider(), List.of()).stream()
            .map(service -> new ModelService(service, model.settings().model()))
            .toList();
  }
}
