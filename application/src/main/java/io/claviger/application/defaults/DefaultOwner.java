package io.claviger.application.defaults;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;

/** Whose default somebody may see and choose: their own, as an administrator that of the system. */
final class DefaultOwner {
  private DefaultOwner() {}

  /**
   * @throws RefusedException when it is another's, whether or not that user exists
   */
  static UserId of(Actor actor, Handle user) {
    if (actor.handle().equals(user)) {
      return actor.id();
    }
    if (user.isSystem() && actor.administrator() && actor.mayManage()) {
      return UserId.SYSTEM;
    }
    throw RefusedException.notFound();
  }
}
