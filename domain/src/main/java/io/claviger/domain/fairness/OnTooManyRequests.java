package io.claviger.domain.fairness;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** The handling of a call that the provider refused with 429 because of the account's pace. */
public enum OnTooManyRequests {
  /** The call waits for another turn. */
  WAIT,
  /** The caller gets the refusal. */
  PASS;

  /**
   * @throws InvalidValue if the text is none of the values; the exception names them
   */
  public static OnTooManyRequests of(String text) {
    return switch (text) {
      case "wait" -> WAIT;
      case "pass" -> PASS;
      default -> throw new InvalidValue("on_429", "wait or pass");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
