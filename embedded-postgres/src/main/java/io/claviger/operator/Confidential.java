package io.claviger.operator;

import java.util.Arrays;
import java.util.function.Function;

/**
 * A secret of the operator's: a password, a token, the text of encryption keys. It shows itself
 * nowhere; whoever needs it borrows it through {@link #lend}. The environment variable that it came
 * from lives on in the process, so wiping after use is not promised.
 */
public final class Confidential {
  private final char[] text;

  private Confidential(char[] text) {
    this.text = text;
  }

  public static Confidential of(String text) {
    return new Confidential(text.toCharArray());
  }

  /** The one door. The array is a copy, wiped when the borrower returns. */
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
