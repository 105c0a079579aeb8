package io.claviger.domain.objects;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A provider object as it is recorded in the ledger.
 *
 * @param service the id of the service whose key created the object
 * @param holder the holder; empty if the object no longer has a holder, so that only the owner of
 *     the service can use it
 * @param maker the user whose call created the object; this user may have been deleted in the
 *     meantime
 * @param tokens the token that created the object, and the tokens from which that token was
 *     narrowed
 * @param bytes the object's size in bytes; 0 if the provider did not state it
 * @param parent the id of the object of which this object is a part, such as the response to which
 *     an item belongs; empty if it is not a part of another object
 * @param purpose the purpose that the caller stated, such as {@code batch}
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

  /** Whether the object can be used at this time. */
  public boolean isLiveAt(Instant now) {
    return state == ObjectState.LIVE && (expiresAt.isEmpty() || now.isBefore(expiresAt.get()));
  }
}
