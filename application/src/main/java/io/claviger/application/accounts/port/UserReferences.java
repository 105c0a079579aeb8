package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.List;

/** What others have that depends on a user's things. */
public interface UserReferences {
  /** What of others would lose what it uses if the user went. */
  References of(UserId user, Actor asker);

  /** Takes the user's things from what others have, and says from what. */
  List<String> release(UserId user, Instant now);
}
