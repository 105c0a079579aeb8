package io.claviger.application.models;

import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import java.util.Optional;

/**
 * An entry of the catalogue as administrators see it.
 *
 * @param service what it is bound to; empty for an unbound one
 * @param status whether a user without a key of their own can run it
 */
public record ModelConfigView(
    ModelConfig model, Optional<InstanceRef> service, ModelStatus status) {}
