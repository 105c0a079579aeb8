package io.claviger.domain.instances;

import io.claviger.domain.CreationOrder;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyCandidates;
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
    Instant updatedAt) {

  /** The precedence of services wherever one of several has to be chosen. */
  public static final Comparator<Instance> OLDEST_FIRST =
      CreationOrder.of(Instance::createdAt, i -> i.id().value());

  public Instance {
    customHeaderNames = List.copyOf(customHeaderNames);
  }

  /** Where a key of this instance goes, and how. */
  public Destination destination() {
    return new Destination(settings.fields().endpoint(), placement);
  }

  /**
   * Whether it speaks to its provider where and as every other customer does: only there a
   * deployment key may go.
   */
  public boolean isAtProvidersDefault() {
    Provider provider = settings.fields().provider();
    return provider.defaultEndpoint().equals(Optional.of(settings.fields().endpoint()))
        && provider.defaultPlacement().equals(placement);
  }

  /**
   * What the key decision has to know of this instance and one caller of it.
   *
   * @param deploymentKey whether the operator gave a key for the provider; it counts only where it
   *     may go
   * @param headersOpen whether its header values open, or there are none
   */
  public KeyCandidates keyCandidates(
      boolean mayUse,
      KeyCandidates.Candidate userKey,
      KeyCandidates.Candidate centralKey,
      boolean deploymentKey,
      boolean headersOpen) {
    return new KeyCandidates(
        mayUse,
        settings.enabled(),
        placement.isNone(),
        settings.keyPolicy(),
        userKey,
        centralKey,
        deploymentKey && isSystemLevel() && isAtProvidersDefault(),
        headersOpen);
  }

  public boolean hasApiKey() {
    return apiKeySetAt.isPresent();
  }

  public boolean isSystemLevel() {
    return owner.equals(UserId.SYSTEM);
  }
}
