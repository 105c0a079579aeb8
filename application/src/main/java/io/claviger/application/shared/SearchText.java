package io.claviger.application.shared;

import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;
import java.util.Locale;

/**
 * A text that listed entries must contain. Case is ignored.
 *
 * @param value the text, which has 1 to 200 characters; no character is a wildcard
 */
public record SearchText(String value) {
  public static final int LONGEST = 200;

  /**
   * @throws InvalidValue if the text is empty or too long
   */
  public SearchText {
    if (value.isEmpty() || !Characters.isAtMost(LONGEST, value) || value.indexOf(0) >= 0) {
      throw new InvalidValue("q", "1 to 200 characters");
    }
  }

  /** Whether another text contains this text, ignoring case. */
  public boolean isIn(String text) {
    return text.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
  }
}
