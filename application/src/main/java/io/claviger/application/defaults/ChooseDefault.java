package io.claviger.application.defaults;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.InstanceRef;

/**
 * Chooses a user's default service: one that they can use and that is enabled (else invalid). Users
 * choose for themselves, administrators for {@code _system}, and then a system-level one. The
 * choice stays when the service is disabled later.
 */
public interface ChooseDefault {
  Outcome choose(Actor actor, Handle user, InstanceRef service);

  /** The default as it is now, or why not. */
  sealed interface Outcome {
    record Chosen(EffectiveDefault effective, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
