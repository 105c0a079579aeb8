package io.claviger.host;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * An operator's secret: a password, a token, or the text of encryption keys. Printing this object
 * reveals nothing; only {@link #lend} returns the secret. The secret is not wiped after use,
 * because its environment variable stays in the process anyway.
 */
public final class Confidential {
  private final char[] text;

  private Confidential(char[] text) {
    this.text = text;
  }

  public static Confidential of(String text) {
    return new Confidential(text.toCharArray());
  }

  /**
   * Lends the secret's text to a function, as characters. The array is a copy, which is wiped as
   * soon as the function has returned.
   */
  public <T> T lend(Function<char[], T> borrower) {
    char[] copy = text.clone();
    try {
      return borrower.apply(copy);
    } finally {
      Arrays.fill(copy, '\0');
    }
  }

  /**
   * Lends the secret's text to a function, in UTF-8. The array is a copy, which is wiped as soon as
   * the function has returned.
   */
  public <T> T lendUtf8(Function<byte[], T> borrower) {
    return lend(
        chars -> {
          byte[] most = new byte[4 * chars.length];
          ByteBuffer buffer = ByteBuffer.wrap(most);
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), buffer, true);
          byte[] bytes = Arrays.copyOf(most, buffer.position());
          try {
            return borrower.apply(bytes);
          } finally {
            Arrays.fill(most, (byte) 0);
            Arrays.fill(bytes, (byte) 0);
          }
        });
  }

  @Override
  public String toString() {
    return "(confidential)";
  }
}
