package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CallerIdentifier;
import java.time.Duration;
import java.time.InstantSource;

/** Finds the caller behind an identifier that a provider received. */
public interface CallerAttributions {
  /** How long after a caller's last call the caller can be found. */
  Duration KEPT = Duration.ofDays(400);

  static CallerAttributions of(
      InstanceStore instances,
      AttributedUsers users,
      NamingKeyStore keys,
      Sealer sealer,
      InstantSource clock) {
    return new CallerAttributionUseCases(instances, users, keys, sealer, clock);
  }

  /**
   * Finds the user behind an identifier. Only users who may see the shares of the service can call
   * this method.
   *
   * <p>If the actor can't see the service, the answer is {@code not_found}. The answer is also
   * {@code not_found} if no user with this identifier has called the service within the last {@link
   * #KEPT} while the present owner owned it. If the actor may not see the shares, or the token has
   * the scope {@code use}, the answer is {@code forbidden}. A caller can be found from about a
   * minute after the end of a call.
   */
  Outcome<AttributedUser> find(Actor actor, Instance.Ref service, CallerIdentifier identifier);
}
