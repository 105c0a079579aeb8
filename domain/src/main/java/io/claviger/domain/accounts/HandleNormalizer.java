package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Optional;

/** Turns a name from another system into a valid handle. */
public final class HandleNormalizer {
  /** Longer names are refused, because names are also stored and shown. */
  public static final int LONGEST = 200;

  private HandleNormalizer() {}

  /**
   * Returns the name as a handle, with the letters {@code A-Z} in lower case. No other character is
   * replaced or left out, because two names could otherwise lead to the same handle.
   *
   * @return the handle; empty when the name is no valid handle, is too long or reserved
   */
  public static Optional<Handle> exact(String name) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    try {
      return Optional.of(new Handle(folded.toString())).filter(handle -> !handle.isSystem());
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Converts capital letters to small letters, replaces each run of invalid characters by one
   * hyphen, and removes leading characters that a handle can't start with. Different names may
   * become the same handle, so an operator has to check the result, as in an import. Returns the
   * handle; empty when nothing is left, or when the result is too long or reserved.
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
