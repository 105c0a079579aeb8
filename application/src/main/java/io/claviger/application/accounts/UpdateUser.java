package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;

/**
 * Changes a user: themselves their display name and e-mail, an administrator also who is
 * administrator. The last administrator can't be demoted (conflict {@code last_administrator}).
 */
public interface UpdateUser {
  Outcome update(Actor actor, Handle user, Precondition precondition, Command command);

  /** Absent fields keep what is there. */
  record Command(
      Field<DisplayName> displayName, Field<Email> email, Field<Boolean> administrator) {}

  /** The user as it is now, or why not. */
  sealed interface Outcome {
    record Updated(User user) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
