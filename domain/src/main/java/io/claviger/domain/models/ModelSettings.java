package io.claviger.domain.models;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;

/**
 * The fields of a model that administrators write.
 *
 * @param appliedBy the name of the file from which it was applied
 */
public record ModelSettings(
    Provider provider,
    ModelName model,
    DisplayName displayName,
    boolean enabled,
    Optional<ContextLimit> contextLimit,
    Optional<CompressionThreshold> compressionThreshold,
    Optional<AppliedBy> appliedBy) {

  /** The settings of a model that no file applied. */
  public ModelSettings(
      Provider provider,
      ModelName model,
      DisplayName displayName,
      boolean enabled,
      Optional<ContextLimit> contextLimit,
      Optional<CompressionThreshold> compressionThreshold) {
    this(
        provider,
        model,
        displayName,
        enabled,
        contextLimit,
        compressionThreshold,
        Optional.empty());
  }
}
