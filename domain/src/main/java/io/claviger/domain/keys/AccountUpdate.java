package io.claviger.domain.keys;

import java.util.Optional;

/**
 * Decides what a write of a service does to the recorded objects. After the write, calls may reach
 * another account at the provider, where these objects do not exist.
 *
 * @param replaces whether the write sets a different key, or changes something else that decides
 *     which account is used
 * @param holdsObjects whether any stored or shared object is recorded for the present account
 * @param sameAccount whether the writer says that calls reach the same account as before; empty if
 *     the writer does not say
 */
public record AccountUpdate(boolean replaces, boolean holdsObjects, Optional<Boolean> sameAccount) {

  /** What happens to the recorded objects. */
  public enum Ruling {
    /** Calls reach the same account as before. */
    STAYS,
    /** Calls reach another account. All recorded objects of the former account end. */
    MOVES,
    /**
     * The writer has to say whether the account is the same, because people might lose their stored
     * objects.
     */
    ANSWER_REQUIRED
  }

  /**
   * Decides about the write. If no object is recorded and the writer does not say whether the
   * account is the same, the account is treated as a different account. Otherwise a call from
   * before the write could later record an object of the former account.
   */
  public Ruling judge() {
    if (!replaces) {
      return Ruling.STAYS;
    }
    return sameAccount
        .map(same -> same ? Ruling.STAYS : Ruling.MOVES)
        .orElse(holdsObjects ? Ruling.ANSWER_REQUIRED : Ruling.MOVES);
  }
}
