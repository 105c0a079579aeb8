package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.List;

/** Finds what depends on a user's things and belongs to others. */
public interface UserReferences {
  /**
   * Finds the things of other users that would lose something they use if this user were deleted.
   *
   * @param asker decides which of those things are named
   */
  References of(User.Id user, Actor asker);

  /** Detaches the things of other users from the user's things and names those that changed. */
  List<String> release(User.Id user, Instant now);
}
