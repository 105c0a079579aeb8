package io.claviger.application.definitions;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.DefinitionWrite;

/**
 * Creates, replaces or changes a definition: one's own, and for administrators those of {@code
 * _system}. Instances made from it stay as they are.
 */
public interface WriteDefinition {
  /** Creates or replaces: absent fields take their defaults. */
  Outcome put(Actor actor, DefinitionRef ref, Precondition precondition, Command command);

  /** Changes what is there: absent fields keep. */
  Outcome patch(Actor actor, DefinitionRef ref, Precondition precondition, Command command);

  /**
   * @param isPublic refused for {@code _system}, whose definitions all see anyway
   */
  record Command(DefinitionWrite fields, Field<Boolean> isPublic) {}

  /** The definition as it is now, or why not. */
  sealed interface Outcome {
    record Written(Definition definition, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
