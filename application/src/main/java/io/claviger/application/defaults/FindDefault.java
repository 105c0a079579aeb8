package io.claviger.application.defaults;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.EffectiveDefault;

/**
 * Tells which service is a user's default as things stand, and whose choice that is. Users ask for
 * themselves, administrators for {@code _system}.
 */
public interface FindDefault {
  Outcome find(Actor actor, Handle user);

  /** The effective default, or that there is none. */
  sealed interface Outcome {
    record Found(EffectiveDefault effective) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
