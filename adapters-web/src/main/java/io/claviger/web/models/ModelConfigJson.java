package io.claviger.web.models;

import io.claviger.application.models.ModelConfigView;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An entry of the model catalogue as the API shows it to administrators. */
record ModelConfigJson(
    UUID id,
    String provider,
    String model,
    String displayName,
    boolean enabled,
    boolean isDefault,
    Optional<Integer> contextLimit,
    Optional<Integer> compressionThreshold,
    Optional<String> service,
    String name,
    String onFailure,
    List<TargetJson> targets,
    Optional<String> appliedBy,
    String status,
    Optional<String> createdBy,
    Optional<String> updatedBy,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  static ModelConfigJson of(ModelConfigView view) {
    ModelConfig config = view.model();
    ModelSettings settings = config.settings();
    return new ModelConfigJson(
        config.id().value(),
        settings.provider().wireName(),
        settings.model().value(),
        settings.displayName().value(),
        settings.enabled(),
        config.isDefault(),
        settings.contextLimit().map(ContextLimit::value),
        settings.compressionThreshold().map(CompressionThreshold::value),
        view.service().map(InstanceRef::toString),
        config.route().name().value(),
        config.route().onFailure().wireName(),
        view.targets().stream().map(TargetJson::of).toList(),
        settings.appliedBy().map(AppliedBy::value),
        view.status().wireName(),
        config.createdBy().map(Handle::value),
        config.updatedBy().map(Handle::value),
        config.version(),
        config.createdAt(),
        config.updatedAt());
  }

  /** A service that serves the entry. */
  record TargetJson(String service, String model, String status) {
    static TargetJson of(ModelConfigView.TargetView target) {
      return new TargetJson(
          target.service().toString(), target.model().value(), target.status().wireName());
    }
  }
}
