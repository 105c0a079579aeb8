package io.claviger.application.shared;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/**
 * A text that the entries of a list have to contain. Upper and lower case are treated as the same.
 *
 * @param value the text, 1 to 200 characters; no character is a wildcard
 */
public record SearchText(String value) {
  public static final int LONGEST = 200;

  /**
   * @throws InvalidValue when the text is empty or too long
   */
  public SearchText {
    if (value.isEmpty() || value.length() > LONGEST || value.indexOf(0) >= 0) {
      throw new InvalidValue("q", "1 to 200 characters");
    }
  }

  /** Whether a text contains this text; the comparison ignores case. */
  public boolean isIn(String text) {
    return text.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
  }
}
