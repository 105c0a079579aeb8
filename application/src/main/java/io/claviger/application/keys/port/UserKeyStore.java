package io.claviger.application.keys.port;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import java.util.Optional;

/**
 * Users' own keys for instances, at most one for each pair. They end with their user and with their
 * instance.
 */
public interface UserKeyStore {
  Optional<UserKey> find(InstanceId instance, UserId user);

  /**
   * Stores a key, in place of one that is there.
   *
   * @return whether there was none
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance or the user is
   *     gone
   */
  boolean save(UserKey key, SealedValue value);

  /**
   * @return whether there was one
   */
  boolean delete(InstanceId instance, UserId user);

  /**
   * @return how many there were
   */
  int deleteAllFor(InstanceId instance);

  /**
   * @return how many there were
   */
  int deleteAllOf(UserId user);
}
