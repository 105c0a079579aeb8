package io.claviger.application.shared.port;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import java.util.Optional;

/** Checks which users and programs may act at present, and with which credentials. */
public interface ActiveUsers {
  /**
   * Locks the credentials that a user presents, so that nobody can end them before the transaction
   * ends. While the lock is held, nobody can suspend, delete or demote the user either. Several
   * transactions can hold this lock on the same user at the same time. Waits for a transaction that
   * is ending the credentials, or is suspending, deleting or demoting the user.
   *
   * @param administrator whether the user acts with the rights of an administrator
   * @return false if a credential has ended, or if the user is suspended, does not exist, or acts
   *     as an administrator without being one. The result is always true for {@code _system}, the
   *     user in whose name Claviger itself acts.
   */
  boolean hold(
      User.Id user,
      boolean administrator,
      Optional<AccessToken.Id> token,
      Optional<Session.Id> session);

  /**
   * Locks the token of a program that acts for no user, so that the token can't be ended until the
   * transaction ends. Waits for a transaction that is ending the token.
   *
   * @return false if the token has ended
   */
  boolean holdProgram(AccessToken.Id token);
}
