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
 * Shows and stores the keys that users have of their own for instances. Users can store, replace
 * and delete their own keys. Nobody else sees whether a user has such a key.
 *
 * <p>If the actor can't see the instance, or the token is restricted to another instance, all
 * methods except {@link #list} answer {@code not_found}. If the actor may see but not use the
 * instance, these methods answer {@code forbidden}.
 */
public interface UserKeys {

  static UserKeys of(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges changes) {
    return new UserKeyUseCases(instances, keys, sealer, changes);
  }

  /** Finds the caller's own key for an instance; empty if the caller has stored no such key. */
  Outcome<Optional<UserKey>> find(Actor actor, Instance.Ref ref);

  /**
   * Lists the caller's keys, ordered by the owner and handle of the instance. The list includes
   * keys for instances that the caller may no longer use, so that the caller can delete these keys.
   * With a token that is restricted to one instance, the list has only the key for this instance.
   * This method is never refused.
   */
  Outcome<Page<NamedUserKey, Instance.Ref>> list(Actor actor, PageRequest<Instance.Ref> page);

  /**
   * Stores the caller's own key for an instance, replacing an earlier key of the caller. The key is
   * sealed to the user, the instance and the destination.
   *
   * <p>A token of scope {@code use} is refused with {@code forbidden}. If the instance does not
   * send keys to the named endpoint, the answer is the conflict {@code destination_differs}. If the
   * user already has the maximum number of keys, the answer is the conflict {@code quota_exceeded}.
   * The key is invalid if the instance takes no key. If the instance does not use users' keys, the
   * key is invalid with {@code user_keys_off}. If the instance is disabled, the key is invalid with
   * {@code service_disabled}.
   */
  Outcome<SavedUserKey> save(Actor actor, Instance.Ref ref, NewUserKey command);

  /**
   * Deletes the caller's own key for an instance. If there is no such key, nothing happens. Users
   * can delete their own keys even if they may no longer use the instance. A token of scope {@code
   * use} is refused with {@code forbidden}. Returns the reference of the instance.
   */
  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref);

  /**
   * A user's key that is to be stored.
   *
   * @param apiKey the key, which the caller must close
   * @param endpoint the endpoint that the user trusts with the key
   */
  record NewUserKey(Secret apiKey, Endpoint endpoint) {}

  /**
   * A key after it was stored.
   *
   * @param created whether the user had no key for the instance before
   */
  record SavedUserKey(UserKey key, boolean created) {}
}
