package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Determines the service that serves each model of the catalogue. */
final class ModelServiceResolver {
  private final Map<InstanceId, InstanceStore.Seen> byId = new HashMap<>();
  private final Map<Provider, InstanceStore.Seen> oldestEnabled = new HashMap<>();

  ModelServiceResolver(List<InstanceStore.Seen> services) {
    services.stream()
        .sorted(Comparator.comparing(InstanceStore.Seen::instance, Instance.OLDEST_FIRST))
        .forEach(this::add);
  }

  private void add(InstanceStore.Seen service) {
    Instance instance = service.instance();
    byId.put(instance.id(), service);
    if (instance.settings().enabled()) {
      oldestEnabled.putIfAbsent(instance.settings().fields().provider(), service);
    }
  }

  /**
   * Returns the service that the model is bound to, otherwise the oldest enabled one of its
   * provider.
   */
  Optional<InstanceStore.Seen> of(ModelConfig model) {
    return model.instance().isPresent()
        ? model.instance().map(byId::get)
        : Optional.ofNullable(oldestEnabled.get(model.settings().provider()));
  }

  Optional<InstanceRef> ref(InstanceId bound) {
    return Optional.ofNullable(byId.get(bound)).map(s -> s.instance().ref());
  }
}
