package io.claviger.domain.instances;

import io.claviger.domain.CreationOrder;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A configured service.
 *
 * @param placement how a key travels, as its API standard says
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
    KeyPlacement placement,
    Optional<DefinitionRef> definitionRef,
    List<HeaderName> customHeaderNames,
    Optional<Instant> apiKeySetAt,
    Optional<UserId> endpointSetBy,
    long version,
    Instant createdAt,
    Instant updatedAt)
    implements KeyedInstance {

  /** The precedence of services wherever one of several has to be chosen. */
  public static final Comparator<Instance> OLDEST_FIRST =
      CreationOrder.of(Instance::createdAt, i -> i.id().value());

  public Instance {
    customHeaderNames = List.copyOf(customHeaderNames);
  }

  @Override
  public Provider provider() {
    return settings.fields().provider();
  }

  @Override
  public Endpoint endpoint() {
    return settings.fields().endpoint();
  }

  @Override
  public boolean enabled() {
    return settings.enabled();
  }

  @Override
  public KeyPolicy keyPolicy() {
    return settings.keyPolicy();
  }

  public boolean hasApiKey() {
    return apiKeySetAt.isPresent();
  }
}
