package io.claviger.application.userkeys;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;

/**
 * Stores a user's own key for a service that they can use, in place of the one that they have
 * there. It is sealed to user, service and destination. Conflict {@code destination_differs} when
 * the service stands at another endpoint than the one named; invalid where the service does not use
 * users' keys, needs none, or is disabled.
 */
public interface StoreUserKey {
  Outcome store(Actor actor, InstanceRef ref, Command command);

  /**
   * @param apiKey stays the caller's to close
   * @param endpoint where the user means it to go
   */
  record Command(Secret apiKey, Endpoint endpoint) {}

  /** Stored, or why not; then nothing is. */
  sealed interface Outcome {
    record Stored(UserKey key, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
