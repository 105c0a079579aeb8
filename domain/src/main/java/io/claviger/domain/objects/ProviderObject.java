package io.claviger.domain.objects;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A provider object as the ledger records it.
 *
 * @param service the id of the service whose key created the object
 * @param holder the holder; empty if the object no longer has one, so that only the service's owner
 *     can use it
 * @param maker the user whose call created the object; this user might no longer exist
 * @param tokens the token that created the object, and the parent tokens of that token
 * @param bytes the object's size in bytes; 0 if the provider did not state the size
 * @param parent the id of the object of which this object is a part, such as the response to which
 *     an item belongs; empty if it is not a part
 * @param purpose the purpose that the caller stated, such as {@code batch}; for a container, its
 *     memory, such as {@code 4g}
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

  /** Whether the object can be used at the given time. */
  public boolean isLiveAt(Instant now) {
    return state == ObjectState.LIVE && (expiresAt.isEmpty() || now.isBefore(expiresAt.get()));
  }
}
