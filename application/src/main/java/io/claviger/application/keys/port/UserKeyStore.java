package io.claviger.application.keys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores users' own keys for instances, at most one for each user and instance. A key is deleted
 * when its user or its instance is deleted.
 */
public interface UserKeyStore {
  /** A user's key, with the present name of its instance. */
  record NamedUserKey(UserKey key, Instance.Ref instance) {}

  Optional<UserKey> find(Instance.Id instance, User.Id user);

  /**
   * Lists a user's keys, ordered by the owner and handle of the instance.
   *
   * @param only the id of the only instance for which the user's key is listed; if empty, the
   *     user's keys for all instances are listed
   */
  List<NamedUserKey> of(User.Id user, Optional<UUID> only, Optional<Instance.Ref> after, int limit);

  /**
   * Stores a user's key, replacing the user's earlier key for the instance.
   *
   * @return whether the user had no key for the instance before
   * @throws io.claviger.application.shared.ConcurrencyConflict if the instance or the user no
   *     longer exists
   */
  boolean save(UserKey key, SealedValue value);

  /** Deletes a user's key for an instance. Returns whether the user had a key. */
  boolean delete(Instance.Id instance, User.Id user);

  /** Deletes all users' keys for an instance. Returns how many keys were deleted. */
  int deleteAllFor(Instance.Id instance);

  int deleteAllOf(User.Id user);
}
