package io.claviger.domain.keys;

import java.util.Optional;

/**
 * Decides the effect of a write of a service on the recorded objects. After the write, calls may
 * reach another account at the provider, in which these objects do not exist.
 *
 * @param replaces whether the write sets a different key, or changes something else that decides
 *     which account is used
 * @param holdsObjects whether any stored or shared object is recorded for the present account
 * @param sameAccount whether, according to the writer, calls reach the same account as before;
 *     empty if the writer does not state this
 */
public record AccountUpdate(boolean replaces, boolean holdsObjects, Optional<Boolean> sameAccount) {

  /** The effect on the recorded objects. */
  public enum Ruling {
    /** Calls reach the account that they reached before. */
    STAYS,
    /** Calls reach another account, so that all recorded objects of the former account end. */
    MOVES,
    /**
     * The writer has to state whether the account is the same, because people might lose the
     * objects that they stored.
     */
    ANSWER_REQUIRED
  }

  /**
   * Decides about the write. If no object is recorded and the writer does not say whether the
   * account is the same, the account is treated as a different one. If it were treated as the same
   * account, a call that began before the write could later record an object of the former account.
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
