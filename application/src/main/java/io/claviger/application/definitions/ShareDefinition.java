package io.claviger.application.definitions;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.sharing.Share;

/**
 * Gives named users the sight of a definition, and ends it. The owning user alone gives it; who has
 * it may end their own. What belongs to {@code _system} is seen by all and can't be shared.
 */
public interface ShareDefinition {
  Outcome share(Actor actor, DefinitionRef definition, Handle grantee, Precondition precondition);

  /** Ending what is not there changes nothing and is no error. */
  EndOutcome end(Actor actor, DefinitionRef definition, Handle grantee, Precondition precondition);

  Outcome find(Actor actor, DefinitionRef definition, Handle grantee);

  /** By the grantee's handle. */
  ListOutcome list(Actor actor, DefinitionRef definition, PageRequest<Handle> page);

  /** The share as it is now, or why not. */
  sealed interface Outcome {
    record Shared(Share share, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** There is no such share any more, or why not. */
  sealed interface EndOutcome {
    record Ended() implements EndOutcome {}

    record Refused(Refusal why) implements EndOutcome {}
  }

  /** A page of shares, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<Share, Handle> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
