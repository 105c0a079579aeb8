package io.claviger.application.rejectedkeys.port;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that was stored at a certain time. If another key replaces this key, that other key is a
 * different stored key.
 *
 * @param holder the user who has stored the key for their own calls of the service; empty for the
 *     service's key
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
