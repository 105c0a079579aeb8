package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;

/**
 * What a call's prices depend on.
 *
 * @param ownModel the model that the service itself is for, which stands in for the name of an
 *     Azure deployment
 * @param called the model that was called
 */
public record PricedModel(
    InstanceId instance, Provider provider, Optional<ModelName> ownModel, UsageModel called) {}
