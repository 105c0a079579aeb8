package io.claviger.application.defaults;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;

/** Takes back a user's choice of a default service; not found when there is none. */
public interface ForgetDefault {
  Outcome forget(Actor actor, Handle user);

  /** Forgotten, or why not. */
  sealed interface Outcome {
    record Forgotten() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
