package io.claviger.application.userkeys;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Attempts;

/** Builds the use cases of users' own keys from what they need. */
public record UserKeysModule(
    StoreUserKey storeUserKey, FindUserKey findUserKey, DeleteUserKey deleteUserKey) {

  public static UserKeysModule of(
      Instances instances, UserKeys keys, Sealer sealer, Attempts attempts) {
    return new UserKeysModule(
        new StoreUserKeyService(instances, keys, sealer, attempts),
        new FindUserKeyService(instances, keys, attempts),
        new DeleteUserKeyService(instances, keys, attempts));
  }
}
