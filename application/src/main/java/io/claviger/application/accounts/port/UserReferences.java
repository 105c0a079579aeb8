package io.claviger.application.accounts.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.List;

/** Finds the things of other users that depend on a user's things. */
public interface UserReferences {
  /**
   * Finds other users' things that depend on a thing of this user and would break if this user were
   * deleted.
   *
   * @param asker the actor who asks; the result names only things that the actor sees
   */
  References of(User.Id user, Actor asker);

  /**
   * Detaches other users' things from the user's things. Returns the names of the changed things.
   */
  List<String> release(User.Id user, Instant now);
}
