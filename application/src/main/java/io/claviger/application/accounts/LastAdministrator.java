package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;

/**
 * Claviger never loses its last administrator: an operation that ends one locks them all first, and
 * their number decides.
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
