package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.List;

/** Finds the things of other users that depend on a user's things. */
public interface UserReferences {
  /**
   * Finds the things of other users that use a thing of this user, and could no longer use that
   * thing if this user were deleted.
   *
   * @param asker the actor who asks; only things that this actor sees are named
   */
  References of(User.Id user, Actor asker);

  /**
   * Detaches the things of other users from the user's things, and returns the names of the changed
   * things.
   */
  List<String> release(User.Id user, Instant now);
}
