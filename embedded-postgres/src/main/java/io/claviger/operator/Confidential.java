package io.claviger.operator;

import java.util.Arrays;
import java.util.function.Function;

/**
 * A secret of the operator: a password, a token, or the text of encryption keys. Printing it
 * reveals nothing; {@link #lend} is the only access. It is not wiped after use, because the
 * environment variable that it came from stays in the process anyway.
 */
public final class Confidential {
  private final char[] text;

  private Confidential(char[] text) {
    this.text = text;
  }

  public static Confidential of(String text) {
    return new Confidential(text.toCharArray());
  }

  /** Lends the text. The array is a copy and is wiped when the borrower returns. */
  public <T> T lend(Function<char[], T> borrower) {
    char[] copy = text.clone();
    try {
      return borrower.apply(copy);
    } finally {
      Arrays.fill(copy, '\0');
    }
  }

  public int length() {
    return text.length;
  }

  @Override
  public String toString() {
    return "(confidential)";
  }
}
