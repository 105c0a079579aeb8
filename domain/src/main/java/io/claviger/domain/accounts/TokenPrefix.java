package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.regex.Pattern;

/**
 * The characters with which all tokens of another system begin, such as {@code sk-}. Only texts
 * that begin with a prefix in use are looked up. So a prefix has at least three characters, and no
 * text that begins like Claviger's own tokens has one.
 */
public record TokenPrefix(String value) {
  private static final Pattern SHAPE = Pattern.compile("[!-~]{3,16}");

  public TokenPrefix {
    if (!SHAPE.matcher(value).matches()
        || value.startsWith(TokenText.PREFIX)
        || TokenText.PREFIX.startsWith(value)) {
      throw new InvalidValue(
          "prefix", "3 to 16 visible ASCII characters with which no token of Claviger begins");
    }
  }
}
