package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;

/** Ends an access token at once: one's own, or as an administrator anybody's. */
public interface RevokeToken {
  Outcome revoke(Actor actor, Handle user, TokenId token);

  /** Revoked, or why not. */
  sealed interface Outcome {
    record Revoked() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
