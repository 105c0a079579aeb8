package io.claviger.domain.keys;

import java.util.Optional;

/**
 * Decides what a write of a service does to the recorded objects. The question arises because,
 * after the write, calls might reach another account at the provider, where these objects do not
 * exist.
 *
 * @param replaces true if the write sets a different key, or changes something else that decides
 *     which account is used
 * @param holdsObjects whether stored or shared objects are recorded for the present account
 * @param sameAccount whether the writer says that calls reach the same account as before; empty if
 *     the writer does not say
 */
public record AccountUpdate(boolean replaces, boolean holdsObjects, Optional<Boolean> sameAccount) {

  /** What happens to the recorded objects. */
  public enum Ruling {
    /** Calls reach the same account as before. */
    STAYS,
    /**
     * Calls reach another account. All objects that are recorded for the former account are ended.
     */
    MOVES,
    /**
     * The writer has to say whether calls still reach the same account, because people might lose
     * their stored objects.
     */
    ANSWER_REQUIRED
  }

  /**
   * Decides what the write does. If no object is recorded and the writer does not say whether the
   * account is the same, the account is treated as a different one. The reason is that a call that
   * began before the write might still record an object of the former account.
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
