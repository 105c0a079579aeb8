package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.policy.KeyDecision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Determines the status of models for users without a key of their own. Each service is checked
 * once.
 */
final class ModelStatuses {
  private final ModelServiceResolver serving;
  private final KeyDecisions resolution;
  private final Map<InstanceId, KeyDecision> decided = new HashMap<>();

  ModelStatuses(List<InstanceStore.Seen> services, KeyDecisions resolution) {
    this.serving = new ModelServiceResolver(services);
    this.resolution = resolution;
  }

  ModelStatus of(ModelConfig model) {
    return ModelStatus.of(model.settings().enabled(), serving.of(model).map(this::decision));
  }

  ModelConfigView view(ModelConfig model) {
    return new ModelConfigView(model, model.instance().flatMap(serving::ref), of(model));
  }

  private KeyDecision decision(InstanceStore.Seen service) {
    return decided.computeIfAbsent(
        service.instance().id(),
        id -> {
          SealedKeys central =
              new SealedKeys(
                  service.keys().apiKey(), service.keys().headers(), SealedKeys.NONE.userKey());
          // Everybody may use a system-level service.
          return resolution.decide(true, service.instance(), central, UserId.SYSTEM);
        });
  }
}
