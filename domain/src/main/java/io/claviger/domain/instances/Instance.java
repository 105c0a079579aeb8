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
 * An LLM service that a user configured. The public interface calls it a service.
 *
 * @param placement how a key is sent, as its API standard says
 * @param definitionRef the name of {@code settings.definition}, if that definition still exists
 * @param customHeaderNames the names of the stored headers, in the order given
 * @param apiKeySetAt when the stored key was set; empty when no key is stored
 * @param endpointSetBy who last set the endpoint, and therefore knows where a key is sent; empty if
 *     nobody did
 * @param version counts the stored changes, from 1
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

  /** The order in which one of several services is chosen. */
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
