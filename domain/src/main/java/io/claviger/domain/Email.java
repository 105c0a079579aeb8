package io.claviger.domain;

import java.util.regex.Pattern;

/**
 * An e-mail address, kept as given; only its outline is checked: up to 254 characters (RFC 5321)
 * around one {@code @}.
 */
public record Email(String value) {
  private static final Pattern OUTLINE = Pattern.compile("[^\\s@]+@[^\\s@]+");

  public Email {
    if (value.length() > 254
        || !Characters.printable(value, false)
        || !OUTLINE.matcher(value).matches()) {
      throw new InvalidValue("email", "an e-mail address of up to 254 characters");
    }
  }
}
