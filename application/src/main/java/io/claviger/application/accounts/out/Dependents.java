package io.claviger.application.accounts.out;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Usage;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.List;

/** What others have that depends on a user's things. */
public interface Dependents {
  /** What of others would lose what it uses if the user went. */
  Usage of(UserId user, Actor asker);

  /** Takes the user's things from what others have, and says from what. */
  List<String> release(UserId user, Instant now);
}
