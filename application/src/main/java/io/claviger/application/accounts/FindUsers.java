package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;

/** Users see themselves, administrators everybody. */
public interface FindUsers {
  Outcome find(Actor actor, Handle user);

  /** The caller themselves, whatever their token's scope. */
  User me(Actor actor);

  /** Everybody but {@code _system}, by handle; administrators only. */
  ListOutcome list(Actor actor, PageRequest<Handle> page);

  /** One user, or that there is none that the caller can see. */
  sealed interface Outcome {
    record Found(User user) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** A page of users, or why not. */
  sealed interface ListOutcome {
    record Listed(Page<User, Handle> page) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
