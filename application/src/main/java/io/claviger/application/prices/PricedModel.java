package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageModel;

/**
 * What a call's prices depend on.
 *
 * @param called the model that was called
 */
public record PricedModel(Instance.Id instance, Provider provider, UsageModel called) {
  public static PricedModel of(Instance.Id instance, Provider provider, ModelName model) {
    return new PricedModel(instance, provider, UsageModel.called(model.value()));
  }
}
