package io.claviger.application.models;

import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import java.util.List;
import java.util.Optional;

/**
 * A catalogue entry for administrators.
 *
 * @param service the service to which the model is bound; empty if the model is unbound
 * @param status whether a user who has neither a user key nor a share can use the model
 * @param targets the services that serve the model, in the order in which they are tried; empty if
 *     the model is unbound
 */
public record ModelConfigView(
    ModelConfig model,
    Optional<Instance.Ref> service,
    ModelStatus status,
    List<TargetView> targets) {
  public ModelConfigView {
    targets = List.copyOf(targets);
  }

  /**
   * A service that serves the entry's model.
   *
   * @param model the provider's name for the model
   * @param status whether a user who has neither a user key nor a share can use the model on this
   *     service
   */
  public record TargetView(Instance.Ref service, ModelName model, ModelStatus status) {
    NamedTarget named() {
      return new NamedTarget(service, model);
    }
  }
}
