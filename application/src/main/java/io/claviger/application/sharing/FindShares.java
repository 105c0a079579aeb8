package io.claviger.application.sharing;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Share;

/**
 * Shows the shares of an instance, expired ones too, to who may see them. A reader's own role
 * stands on the service.
 */
public interface FindShares {
  Outcome find(Actor actor, InstanceRef instance, Handle grantee);

  /** By the grantee's handle. */
  ListOutcome list(Actor actor, InstanceRef instance, PageRequest<Handle> page);

  /** One share, or why not. */
  sealed interface Outcome {
    record Found(Share share) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** A page of shares, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<Share, Handle> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
