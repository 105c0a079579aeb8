package io.claviger.application.shared.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;

/** Knows which users may act at present, and with which credentials. */
public interface ActiveUsers {
  /**
   * Locks the credentials that an actor presents, so that they can't be ended until the transaction
   * ends. Also prevents the actor from being suspended, deleted or demoted until then. Several
   * transactions can hold the same actor at the same time. Waits for a transaction that is ending
   * the credentials, or is suspending, deleting or demoting the actor.
   *
   * @return false if, since the actor presented the credentials, a credential has ended, or the
   *     actor was suspended or deleted, or has lost the rights of an administrator. Always true for
   *     {@code _system}, as which the program itself acts.
   */
  boolean hold(Actor actor);

  /**
   * Does the same as {@link #hold}, and refuses to go on if the actor may no longer act.
   *
   * @throws RefusedException if {@link #hold} returns false
   */
  default void demand(Actor actor) {
    if (!hold(actor)) {
      throw RefusedException.forbidden(
          actor.administrator()
              ? "Your session or access token has ended, or you were suspended, or you are no"
                  + " longer an administrator."
              : "Your session or access token has ended, or you were suspended, or your account"
                  + " was deleted.");
    }
  }
}
