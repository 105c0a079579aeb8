package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.keys.port.UserKeyStore.NamedUserKey;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import java.util.Optional;

/**
 * Users' own keys for instances. Each user stores, replaces and deletes their own keys, and nobody
 * else sees whether a user has such a key.
 *
 * <p>All methods except {@link #list} answer {@code not_found} to anybody who can't see the
 * instance or whose token is restricted to another instance. These methods answer {@code forbidden}
 * to anybody who may see but not use the instance.
 */
public interface UserKeys {

  static UserKeys of(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges changes) {
    return new UserKeyUseCases(instances, keys, sealer, changes);
  }

  /** Finds the caller's key for an instance; returns empty when the caller has no such key. */
  Outcome<Optional<UserKey>> find(Actor actor, Instance.Ref ref);

  /**
   * Lists the caller's keys, by owner, then handle of the instance. Keys for instances that the
   * caller may no longer use are included, because they can still be deleted. For a token that is
   * restricted to one instance, only the key for that instance is listed. Never refused.
   */
  Outcome<Page<NamedUserKey, Instance.Ref>> list(Actor actor, PageRequest<Instance.Ref> page);

  /**
   * Stores the caller's key for an instance, in place of the caller's earlier key, if there is one.
   * The key is sealed to the user, the instance and the destination.
   *
   * <p>A token of scope {@code use} is refused with {@code forbidden}. Refused as a conflict with
   * {@code destination_differs} when the instance sends keys to an endpoint other than the named
   * endpoint. Refused as a conflict with {@code quota_exceeded} when the user has stored as many
   * keys as the quota allows. Refused as invalid when the instance takes no key, invalid with
   * {@code user_keys_off} when the instance does not use users' keys, and invalid with {@code
   * service_disabled} when the instance is disabled.
   */
  Outcome<SavedUserKey> store(Actor actor, Instance.Ref ref, NewUserKey command);

  /**
   * Deletes the caller's key for an instance. If there is no key, nothing happens. Users can delete
   * their own key even if they may no longer use the instance. A token of scope {@code use} is
   * refused with {@code forbidden}. Returns the reference of the instance, for which the caller now
   * has no key.
   */
  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref);

  /**
   * A key to store.
   *
   * @param apiKey the key, which the caller must close
   * @param endpoint the endpoint for which the user intends the key
   */
  record NewUserKey(Secret apiKey, Endpoint endpoint) {}

  /**
   * A key after it was stored.
   *
   * @param created whether the user had no key for the instance before
   */
  record SavedUserKey(UserKey key, boolean created) {}
}
