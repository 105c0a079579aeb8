package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import java.util.Optional;

/** An administrator creates a user, together with the user's first access token. */
public interface CreateUser {
  Outcome create(Actor actor, Command command);

  /**
   * @param displayName the handle when empty
   */
  record Command(
      Handle handle,
      Optional<DisplayName> displayName,
      Optional<Email> email,
      boolean administrator) {}

  /**
   * The user with a token that can't be shown again, or why not. A handle taken is a conflict
   * {@code handle_taken}.
   */
  sealed interface Outcome {
    record Created(User user, TokenText accessToken) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
