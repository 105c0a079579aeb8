package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;

/**
 * Lists a user's access tokens, oldest first, without their texts: to themselves and to
 * administrators.
 */
public interface FindTokens {
  Outcome list(Actor actor, Handle user, PageRequest<TimeCursor> page);

  /** A page of tokens, or why not. */
  sealed interface Outcome {
    record Listed(Page<AccessToken, TimeCursor> page) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
