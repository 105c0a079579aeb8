package io.claviger.domain;

import java.util.regex.Pattern;

/**
 * An e-mail address, exactly as somebody entered it. Checks only that the address has at most 254
 * characters (RFC 5321), and contains exactly one {@literal @} with text on both sides.
 */
public record Email(String value) {
  private static final Pattern OUTLINE = Pattern.compile("[^\\s@]+@[^\\s@]+");

  public Email {
    if (!Characters.isAtMost(254, value)
        || !Characters.isLine(value)
        || !OUTLINE.matcher(value).matches()) {
      throw new InvalidValue("email", "an e-mail address of up to 254 characters");
    }
  }
}
