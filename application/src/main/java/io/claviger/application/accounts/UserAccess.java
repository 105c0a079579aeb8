package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides who may see a user: the user and administrators. For everybody else the user does not
 * exist.
 */
public final class UserAccess {
  private UserAccess() {}

  public static User visible(Actor actor, Handle handle, Function<Handle, Optional<User>> find) {
    if (!actor.administrator() && !actor.handle().equals(handle)) {
      throw RefusedException.notFound();
    }
    return find.apply(handle).orElseThrow(RefusedException::notFound);
  }

  /** Locks a user for a change; the built-in one can't be changed. */
  public static User changeable(Actor actor, Handle handle, UserStore users) {
    User user = visible(actor, handle, users::lock);
    if (handle.isSystem()) {
      throw RefusedException.forbidden("The built-in user can't be changed.");
    }
    return user;
  }
}
