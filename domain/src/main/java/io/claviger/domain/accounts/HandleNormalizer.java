package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Optional;

/** Turns a name from another system into a valid handle. */
public final class HandleNormalizer {
  /**
   * The greatest length of a name, in characters. The length is limited because names are also
   * stored and shown.
   */
  public static final int LONGEST = 200;

  private HandleNormalizer() {}

  /**
   * Returns the name as a handle, with the letters {@code A-Z} in lower case. No other character is
   * replaced or removed, because then two different names could become the same handle.
   *
   * @return the handle; empty if the name is not a valid handle, is too long or is reserved
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
   * hyphen, and removes leading characters that a handle can't start with. Different names can
   * become the same handle, so use this method only if an operator checks the result, as in an
   * import. Returns the handle; empty if no character is left, or if the result is too long or
   * reserved.
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
