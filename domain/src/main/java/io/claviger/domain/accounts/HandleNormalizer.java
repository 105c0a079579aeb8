package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Optional;

/** Turns a name from elsewhere into a valid handle. */
public final class HandleNormalizer {
  /** Longer names are refused, because names are also stored and shown. */
  public static final int LONGEST = 200;

  private HandleNormalizer() {}

  /**
   * Converts capital letters to small letters, replaces each run of invalid characters by one
   * hyphen, and removes leading characters that a handle can't start with.
   *
   * @return the handle; empty when nothing is left, or when the result is too long or reserved
   */
  public static Optional<Handle> fold(String name) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String folded =
        name.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceFirst("^[^a-z0-9]+", "");
    try {
      return Optional.of(new Handle(folded));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
