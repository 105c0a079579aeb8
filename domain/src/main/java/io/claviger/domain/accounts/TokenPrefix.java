package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.regex.Pattern;

/**
 * The characters with which all tokens of another system begin, such as {@code sk-}. A text that a
 * caller presents and that is not a token of Claviger is looked up only if it begins with the
 * prefix of an imported token. To prevent needless lookups, a prefix must have at least three
 * characters, and no token of Claviger may begin with it.
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
