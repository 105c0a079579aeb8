package io.claviger.domain.fairness;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/**
 * The setting that decides what happens to a call that the provider refused with status 429 because
 * of the account's pace.
 */
public enum OnTooManyRequests implements WireNamed {
  /** The call waits for another turn. */
  WAIT,
  /** The caller gets the refusal. */
  PASS;

  /**
   * @throws InvalidValue if the text is not one of the allowed values; the exception lists the
   *     allowed values
   */
  public static OnTooManyRequests of(String text) {
    return WireNamed.of(values(), text, "on_429");
  }
}
