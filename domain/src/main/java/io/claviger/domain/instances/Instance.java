package io.claviger.domain.instances;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.DefinitionRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A configured service.
 *
 * @param definitionRef what {@code settings.definition} is called, where it still exists
 * @param customHeaderNames of the stored header values, in the order given
 * @param apiKeySetAt when the stored key was set; empty when none is stored
 * @param endpointSetBy who last named the endpoint, and so knows where a key goes; empty where
 *     nobody did
 * @param version counts the changes of what is stored, from 1
 */
public record Instance(
    InstanceId id,
    UserId owner,
    InstanceRef ref,
    InstanceSettings settings,
    Optional<DefinitionRef> definitionRef,
    List<HeaderName> customHeaderNames,
    Optional<Instant> apiKeySetAt,
    Optional<UserId> endpointSetBy,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  public Instance {
    customHeaderNames = List.copyOf(customHeaderNames);
  }

  public boolean hasApiKey() {
    return apiKeySetAt.isPresent();
  }

  public boolean isSystemLevel() {
    return owner.equals(UserId.SYSTEM);
  }
}
