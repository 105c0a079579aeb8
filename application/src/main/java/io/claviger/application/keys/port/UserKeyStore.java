package io.claviger.application.keys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import java.util.Optional;

/**
 * Stores users' own keys for instances, at most one for each user and instance. A key is deleted
 * with its user and with its instance.
 */
public interface UserKeyStore {
  Optional<UserKey> find(Instance.Id instance, User.Id user);

  /**
   * Stores a key. It replaces an earlier one.
   *
   * @return whether there was none before
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance or the user no
   *     longer exists
   */
  boolean save(UserKey key, SealedValue value);

  /** Deletes a user's key for an instance. Returns whether there was one. */
  boolean delete(Instance.Id instance, User.Id user);

  /** Deletes all users' keys for an instance. Returns how many there were. */
  int deleteAllFor(Instance.Id instance);

  int deleteAllOf(User.Id user);
}
