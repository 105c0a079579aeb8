package io.claviger.application.prices;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageModel;

/**
 * What a call's prices depend on.
 *
 * @param called the model that was called
 */
public record PricedModel(Instance.Id instance, Provider provider, UsageModel called) {}
