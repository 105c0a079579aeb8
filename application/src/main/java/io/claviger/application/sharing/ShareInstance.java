package io.claviger.application.sharing;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Share;

/**
 * Gives a user a role on an instance, or replaces the terms they have. A co-owner gives within the
 * bounds of their own share, and what they gave ends with it. What a narrowed share had passed on
 * and no longer fits ends too.
 */
public interface ShareInstance {
  Outcome share(
      Actor actor,
      InstanceRef instance,
      Handle grantee,
      Precondition precondition,
      Share.Terms terms);

  /** The share as it is now, or why not. */
  sealed interface Outcome {
    record Shared(Share share, boolean created) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
