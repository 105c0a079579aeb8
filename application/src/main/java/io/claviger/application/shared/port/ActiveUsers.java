package io.claviger.application.shared.port;

import io.claviger.domain.accounts.User;

/** Knows which users may act at present. */
public interface ActiveUsers {
  /**
   * Prevents a user from being suspended or deleted until the transaction ends. Several
   * transactions can hold the same user at the same time. Waits for a transaction that is
   * suspending or deleting the user.
   *
   * @return false if the user is suspended or does not exist; then nothing is held. Always true for
   *     {@code _system}, as which the program itself acts.
   */
  boolean hold(User.Id user);
}
