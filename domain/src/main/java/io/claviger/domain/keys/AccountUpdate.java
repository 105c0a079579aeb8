package io.claviger.domain.keys;

import java.util.Optional;

/**
 * Decides what a write to a service does to the objects on record. Calls may reach another account
 * at the provider afterwards, which has none of them.
 *
 * @param replaces whether the write brings another key, or changes something else on which the
 *     account depends
 * @param holdsObjects whether anything is on record that was stored or shared in the present
 *     account
 * @param sameAccount what the writer says: whether calls reach the same account as before
 */
public record AccountUpdate(boolean replaces, boolean holdsObjects, Optional<Boolean> sameAccount) {

  /** What becomes of what was stored. */
  public enum Ruling {
    /** Calls reach the account that they reached before. */
    STAYS,
    /** Calls reach another account, so that all that is on record of the former one ends. */
    MOVES,
    /** The writer has to say it, because people would lose what they stored. */
    ANSWER_REQUIRED
  }

  /**
   * Decides. Where nothing is on record, no answer means another account: a call that began before
   * could otherwise record what it made in the former one.
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
