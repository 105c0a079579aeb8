package io.claviger.application.models;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Field;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfigId;
import io.claviger.domain.models.ModelWrite;

/**
 * Puts a model into the catalogue, or changes one; administrators only. What a model is bound to is
 * system-level, enabled when it is bound, and of the model's provider (else invalid). One that is
 * created without a word about its service is bound to the oldest enabled one of its provider where
 * there is one.
 *
 * <p>Exactly one model is the default while there is any. To make one the default takes that from
 * the other; it can't be taken back without (invalid). When the default is disabled or unbound, the
 * oldest runnable one follows it, else the oldest.
 */
public interface WriteModelConfig {
  Outcome create(Actor actor, Command command);

  /** Changes what is there: absent fields keep, a null service unbinds. */
  Outcome patch(Actor actor, ModelConfigId id, Precondition precondition, Command command);

  /** What to write. */
  record Command(ModelWrite settings, Field<Boolean> isDefault, Field<InstanceRef> service) {}

  /** The entry as it is now, or why not. */
  sealed interface Outcome {
    record Written(ModelConfigView view) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
