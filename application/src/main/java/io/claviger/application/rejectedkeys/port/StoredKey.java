package io.claviger.application.rejectedkeys.port;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored key, identified by the time at which it was stored. If the key is replaced, the new key
 * counts as a different stored key.
 *
 * @param holder the user who stored the key as the user's own key for the service; empty if the key
 *     belongs to the service
 */
public record StoredKey(Instance.Id service, Optional<User.Id> holder, Instant setAt) {
  /** Returns the stored key that a call uses; empty if the call uses no stored key. */
  public static Optional<StoredKey> of(AuthorizationBasis call) {
    return call.keySetAt()
        .map(
            setAt ->
                new StoredKey(
                    call.account().instance(),
                    Optional.of(call.account().user())
                        .filter(user -> call.source() == KeySource.USER),
                    setAt));
  }
}
