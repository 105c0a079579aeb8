package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.AuditedChanges;

/** Builds the use cases of users' own keys from what they need. */
public record UserKeysModule(
    StoreUserKey storeUserKey, FindUserKey findUserKey, DeleteUserKey deleteUserKey) {

  public static UserKeysModule of(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges attempts) {
    return new UserKeysModule(
        new StoreUserKeyService(instances, keys, sealer, attempts),
        new FindUserKeyService(instances, keys, attempts),
        new DeleteUserKeyService(instances, keys, attempts));
  }
}
