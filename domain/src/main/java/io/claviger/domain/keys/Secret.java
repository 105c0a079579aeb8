package io.claviger.domain.keys;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.credentials.CredentialKind;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Secret bytes: an API key, or the value of a custom header.
 *
 * <p>A secret is never returned: {@link #lend} passes a copy to a callback, and wipes the copy
 * afterwards. There is no other way to read the bytes: printing, comparing or serializing the
 * object does not reveal them. Whoever creates a secret must close it. Closing wipes the secret.
 */
public final class Secret implements AutoCloseable {
  private static final int SHORTEST_KEY = 8;
  private static final int LONGEST_KEY = 10_240;
  private static final int LONGEST_FILE = 16_384;

  private final byte[] bytes;
  private volatile boolean closed;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Creates a secret that uses the given array itself, and not a copy. Closing the secret wipes the
   * array.
   */
  public static Secret takingOver(byte[] bytes) {
    return new Secret(bytes);
  }

  /**
   * Creates a secret from an API key. Without surrounding white space, which is removed, the key
   * must have 8 to 10,240 bytes of visible ASCII. Shorter keys are refused, because they could not
   * be redacted in a provider's responses. The given array is always wiped, even if the key is
   * invalid.
   *
   * @throws InvalidValue if the key breaks a rule. The exception names {@code api_key} and the
   *     rule, but never the value
   */
  public static Secret apiKey(byte[] bytes) {
    byte[] trimmed = trimmed(bytes);
    boolean visible = true;
    for (byte b : trimmed) {
      visible &= b > 0x20 && b < 0x7f;
    }
    if (trimmed.length < SHORTEST_KEY || trimmed.length > LONGEST_KEY || !visible) {
      Arrays.fill(trimmed, (byte) 0);
      throw new InvalidValue("api_key", "8 to 10,240 visible ASCII characters");
    }
    return new Secret(trimmed);
  }

  /**
   * Creates a secret from the secret part of a credential: visible ASCII, with spaces only between
   * other characters. A secret that is the content of a file may have several lines, and a PEM file
   * has to contain a key. Surrounding white space is trimmed. The given array is always wiped, even
   * if the value is invalid.
   *
   * @param field the field with the secret; for {@code api_key}, the rules of {@link #apiKey} apply
   *     instead
   * @throws InvalidValue if the value breaks a rule. The exception names the field and the rule,
   *     but never the value
   */
  public static Secret credential(byte[] bytes, String field) {
    if (field.equals("api_key")) {
      return apiKey(bytes);
    }
    boolean file = CredentialKind.isFile(field);
    byte[] trimmed = trimmed(bytes);
    boolean readable = true;
    for (byte b : trimmed) {
      readable &= (b >= 0x20 && b < 0x7f) || (file && isSpace(b));
    }
    int longest = file ? LONGEST_FILE : LONGEST_KEY;
    if (trimmed.length < SHORTEST_KEY || trimmed.length > longest || !readable) {
      Arrays.fill(trimmed, (byte) 0);
      throw new InvalidValue(
          field,
          file
              ? "the text of the file: 8 to 16,384 ASCII characters"
              : "8 to 10,240 printable ASCII characters");
    }
    if (!CredentialKind.mayHold(field, trimmed)) {
      Arrays.fill(trimmed, (byte) 0);
      throw new InvalidValue(
          field, "a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----");
    }
    return new Secret(trimmed);
  }

  /**
   * Passes a copy of the bytes to a callback, and wipes the copy afterwards. The callback must not
   * keep the array or copy it. An architecture test lists the classes that may call this method.
   *
   * @throws IllegalStateException when the secret is already closed
   */
  public <R> R lend(Function<byte[], R> use) {
    if (closed) {
      throw new IllegalStateException("the secret was wiped");
    }
    byte[] copy = bytes.clone();
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /**
   * Whether another secret has the same bytes. The comparison takes the same time whatever the
   * bytes are.
   *
   * @throws IllegalStateException when one of the secrets is already closed
   */
  public boolean isSameAs(Secret other) {
    if (closed || other.closed) {
      throw new IllegalStateException("the secret was wiped");
    }
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }

  /** Returns a copy without surrounding white space, and wipes the given array. */
  private static byte[] trimmed(byte[] bytes) {
    int from = 0;
    int to = bytes.length;
    while (from < to && isSpace(bytes[from])) {
      from++;
    }
    while (to > from && isSpace(bytes[to - 1])) {
      to--;
    }
    byte[] trimmed = Arrays.copyOfRange(bytes, from, to);
    Arrays.fill(bytes, (byte) 0);
    return trimmed;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
