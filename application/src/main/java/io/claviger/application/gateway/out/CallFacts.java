package io.claviger.application.gateway.out;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import java.util.Optional;

/** Everything that the decision about a call depends on, read at once. */
public interface CallFacts {
  /**
   * @return empty when no token has this hash
   */
  Optional<Facts> gather(TokenHash token, InstanceRef service);

  /**
   * @param target empty when there is no such service
   */
  record Facts(AccessToken token, User user, Optional<Target> target) {}

  /**
   * A service as it stands.
   *
   * @param share the caller's, expired or not
   */
  record Target(
      Instance instance,
      ApiStandard standard,
      Optional<Share> share,
      Optional<SealedValue> apiKey,
      Optional<SealedValue> headers) {}
}
