package io.claviger.domain.objects;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the ledger says about a provider object.
 *
 * @param service the id of the service whose key made it
 * @param holder empty when nobody holds it any more, which leaves it to whoever owns the service
 * @param maker the user whose call made it, who may have been deleted since
 * @param tokens the token that made it and those from which that one was narrowed
 * @param bytes its size, 0 if the provider did not say it
 * @param parent the id of the object that it is a part of, such as the response of an item
 * @param purpose what the caller said that it is for, such as {@code batch}
 */
public record ProviderObject(
    UUID service,
    ObjectName name,
    Optional<ObjectHolder> holder,
    UUID maker,
    Set<UUID> tokens,
    Instant madeAt,
    Optional<Instant> expiresAt,
    long bytes,
    ObjectState state,
    Optional<String> parent,
    Optional<String> purpose) {
  public ProviderObject {
    tokens = Set.copyOf(tokens);
  }

  /** Whether it can be used at this time. */
  public boolean isLiveAt(Instant now) {
    return state == ObjectState.LIVE && (expiresAt.isEmpty() || now.isBefore(expiresAt.get()));
  }
}
