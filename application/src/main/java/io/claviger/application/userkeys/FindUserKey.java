package io.claviger.application.userkeys;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.UserKey;
import java.util.Optional;

/** Tells a user whether they store a key of their own for a service that they can use. */
public interface FindUserKey {
  Outcome find(Actor actor, InstanceRef ref);

  /** Whether there is one, or why that is not told. */
  sealed interface Outcome {
    record Found(Optional<UserKey> key) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
