package io.claviger.domain.oauth;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The code that a person types to approve a device: 8 of the 20 letters that RFC 8628 (6.1)
 * recommends. There are no vowels among them, so that codes form no words, and no letters that look
 * like digits.
 */
public record UserCode(String letters) {
  private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
  private static final int LENGTH = 8;
  private static final Pattern SHAPE = Pattern.compile("[" + ALPHABET + "]{" + LENGTH + "}");

  /** The number of random bytes that are needed to make a code. */
  public static final int RANDOM_BYTES = 32;

  public UserCode {
    if (!SHAPE.matcher(letters).matches()) {
      throw new InvalidValue("user_code", "8 letters, as the device shows them");
    }
  }

  /**
   * Creates a new code.
   *
   * @param random as many random bytes as {@link #RANDOM_BYTES} states; bytes with values of 240
   *     and above are skipped, so that all letters are equally likely
   * @throws IllegalArgumentException when too many bytes had to be skipped, which practically never
   *     happens
   */
  public static UserCode of(byte[] random) {
    StringBuilder letters = new StringBuilder(LENGTH);
    for (int i = 0; i < random.length && letters.length() < LENGTH; i++) {
      int value = random[i] & 0xff;
      if (value < 12 * ALPHABET.length()) {
        letters.append(ALPHABET.charAt(value % ALPHABET.length()));
      }
    }
    if (letters.length() < LENGTH) {
      throw new IllegalArgumentException("not enough usable bytes");
    }
    return new UserCode(letters.toString());
  }

  /**
   * Reads a code as a person typed it, in upper or lower case, with or without dashes and spaces.
   * Empty if the text does not have the form of a code.
   */
  public static Optional<UserCode> typed(String text) {
    String letters = text.replaceAll("[\\s\\p{Pd}]", "").toUpperCase(Locale.ROOT);
    return SHAPE.matcher(letters).matches() ? Optional.of(new UserCode(letters)) : Optional.empty();
  }

  /** Returns the code as it is shown to people, such as {@code BCDF-GHJK}. */
  public String shown() {
    return letters.substring(0, LENGTH / 2) + "-" + letters.substring(LENGTH / 2);
  }

  @Override
  public String toString() {
    return shown();
  }
}
