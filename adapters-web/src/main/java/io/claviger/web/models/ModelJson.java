package io.claviger.web.models;

import io.claviger.application.models.Models.RunnableModel;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.models.ModelSettings;
import java.util.Optional;
import java.util.UUID;

/** A model as the API shows it to a user who can run it. */
record ModelJson(
    UUID id,
    String provider,
    String model,
    String displayName,
    boolean isDefault,
    Optional<Integer> contextLimit,
    String service,
    String keySource,
    String gatewayUrl) {

  /**
   * Returns a model as the API shows it.
   *
   * @param gateway the beginning of {@code gateway_url}
   */
  static ModelJson of(RunnableModel runnable, String gateway) {
    ModelSettings settings = runnable.model().settings();
    return new ModelJson(
        runnable.model().id().value(),
        settings.provider().wireName(),
        runnable.called().value(),
        settings.displayName().value(),
        runnable.model().isDefault(),
        settings.contextLimit().map(ContextLimit::value),
        runnable.service().toString(),
        runnable.source().wireName(),
        gateway + "/gateway/services/" + runnable.service());
  }
}
