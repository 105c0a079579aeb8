package io.claviger.application.definitions;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.Provider;
import java.util.Optional;

/**
 * Shows the definitions that a caller can see: their own, those of {@code _system}, and public
 * ones.
 */
public interface FindDefinitions {
  Outcome find(Actor actor, DefinitionRef ref);

  /** Those that the caller can see, by owner and handle. */
  ListOutcome list(Actor actor, Filter filter, PageRequest<DefinitionRef> page);

  /**
   * Those of one owner that the caller can see. A collection of another user in which they can see
   * nothing is not there, whether or not that user is.
   */
  ListOutcome ofOwner(Actor actor, Handle owner, PageRequest<DefinitionRef> page);

  /** Empty parts filter nothing. */
  record Filter(
      Optional<Provider> provider, Optional<Handle> apiStandard, Optional<Handle> owner) {}

  /** One definition, or that there is none that the caller can see. */
  sealed interface Outcome {
    record Found(Definition definition) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** A page of definitions, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<Definition, DefinitionRef> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
