package io.claviger.domain.instances;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.standards.KeyPlacement;

/** An instance as far as its keys are concerned: which may be used, and where they go. */
public interface KeyedInstance {
  InstanceId id();

  UserId owner();

  InstanceRef ref();

  Provider provider();

  Endpoint endpoint();

  /** How a key travels, as the API standard says. */
  KeyPlacement placement();

  boolean enabled();

  KeyPolicy keyPolicy();

  /** Where a key of this instance goes, and how. */
  default Destination destination() {
    return new Destination(endpoint(), placement());
  }

  default boolean isSystemLevel() {
    return owner().equals(UserId.SYSTEM);
  }

  /**
   * Whether it speaks to its provider where and as every other customer does: only there a
   * deployment key may go.
   */
  default boolean isAtProvidersDefault() {
    Provider provider = provider();
    return provider.defaultEndpoint().isPresent()
        && provider.defaultEndpoint().get().equals(endpoint())
        && provider.defaultPlacement().equals(placement());
  }

  /**
   * What the key decision has to know of this instance and one caller of it.
   *
   * @param deploymentKey whether the operator gave a key for the provider; it counts only where it
   *     may go
   * @param headersOpen whether its header values open, or there are none
   */
  default KeyCandidates keyCandidates(
      boolean mayUse,
      KeyCandidates.Candidate userKey,
      KeyCandidates.Candidate centralKey,
      boolean deploymentKey,
      boolean headersOpen) {
    return new KeyCandidates(
        mayUse,
        enabled(),
        placement().isNone(),
        keyPolicy(),
        userKey,
        centralKey,
        deploymentKey && isSystemLevel() && isAtProvidersDefault(),
        headersOpen);
  }
}
