package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;

/**
 * Ensures that Claviger never loses its last administrator. A change that removes one first locks
 * all of them and then counts them.
 */
final class LastAdministrator {
  private LastAdministrator() {}

  static void demandAnother(UserStore users) {
    if (users.lockAdministrators() < 2) {
      throw new RefusedException(
          new Refusal.Conflict("last_administrator", "Make somebody else an administrator first."));
    }
  }
}
