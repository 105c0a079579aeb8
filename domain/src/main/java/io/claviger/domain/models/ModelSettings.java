package io.claviger.domain.models;

import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;

/** The fields of a model that administrators write. */
public record ModelSettings(
    Provider provider,
    ModelName model,
    DisplayName displayName,
    boolean enabled,
    Optional<ContextLimit> contextLimit,
    Optional<CompressionThreshold> compressionThreshold) {}
