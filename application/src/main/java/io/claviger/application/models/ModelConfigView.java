package io.claviger.application.models;

import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import java.util.Optional;

/**
 * An entry of the catalogue as administrators see it.
 *
 * @param service the service that it is bound to; empty for an unbound model
 * @param status whether a user without a key of their own can use it
 */
public record ModelConfigView(
    ModelConfig model, Optional<InstanceRef> service, ModelStatus status) {}
