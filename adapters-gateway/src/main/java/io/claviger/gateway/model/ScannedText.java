package io.claviger.gateway.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a JSON name or string, with decoded escape sequences. One instance serves all
 * texts of a document, so the content is valid only until the next name or string begins.
 */
final class ScannedText implements CharSequence {
  /**
   * The maximum number of characters in UTF-16 that are kept. Names of models are shorter, unless
   * they consist of emoji or other characters that need two.
   */
  static final int LONGEST = 256;

  /**
   * The maximum number of characters that are kept where a text might be an address on the
   * Internet. The addresses that cloud storage signs are up to 2,000 characters long.
   */
  static final int LONGEST_ADDRESS = 4_096;

  /** Eight bytes, each with the value 1. */
  private static final long EACH = 0x0101_0101_0101_0101L;

  private static final long HIGHEST_BIT_OF_EACH = 0x8080_8080_8080_8080L;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int FIRST = 32;

  /**
   * The characters of the text. The array starts small and grows, because most names and strings
   * are short.
   */
  private char[] characters = new char[FIRST];

  private final int longest;
  private int length;
  private boolean longer;
  private boolean hasNul;

  /** The text as a string; null until it is first needed. */
  private @Nullable String string;

  ScannedText(int longest) {
    this.longest = longest;
  }

  /** Returns the position of the next quote, backslash, control character or non-ASCII byte. */
  static int skipPlain(byte[] bytes, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to && isPlain((long) EIGHT_BYTES.get(bytes, at))) {
      at += Long.BYTES;
    }
    while (at < to && bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\') {
      at++;
    }
    return at;
  }

  /**
   * Whether none of the eight bytes is a control character, a quote, a backslash, or a byte above
   * 127.
   */
  private static boolean isPlain(long eight) {
    long quotes = eight ^ EACH * '"';
    long backslashes = eight ^ EACH * '\\';
    long odd = eight | (eight - EACH * ' ') | (quotes - EACH) | (backslashes - EACH);
    return (odd & HIGHEST_BIT_OF_EACH) == 0;
  }

  void clear() {
    length = 0;
    longer = false;
    hasNul = false;
    string = null;
  }

  /** Adds bytes to the text. Each byte is a character that {@link #skipPlain} skips. */
  void addPlain(byte[] bytes, int from, int to) {
    int added = longer ? 0 : Math.min(to - from, longest - length);
    longer |= added < to - from;
    makeRoom(length + added);
    for (int i = 0; i < added; i++) {
      characters[length++] = (char) bytes[from + i];
    }
  }

  void add(int codePoint) {
    hasNul |= codePoint == 0;
    int end = length + Character.charCount(codePoint);
    if (longer || end > longest) {
      longer = true;
      return;
    }
    makeRoom(end);
    if (codePoint <= Character.MAX_VALUE) {
      characters[length++] = (char) codePoint;
    } else {
      length += Character.toChars(codePoint, characters, length);
    }
  }

  private void makeRoom(int needed) {
    if (needed > characters.length) {
      characters =
          Arrays.copyOf(characters, Math.min(longest, Math.max(needed, 2 * characters.length)));
    }
  }

  /** Whether the text is longer than {@value #LONGEST} characters. */
  boolean isLonger() {
    return longer || length > LONGEST;
  }

  /** Whether only the beginning of the text is kept. */
  boolean isCut() {
    return longer;
  }

  /**
   * Whether the text contains the character NUL. A parser written in C might end the text before
   * the NUL.
   */
  boolean hasNul() {
    return hasNul;
  }

  /** Returns the text, or its first {@value #LONGEST} characters if it is longer. */
  CharSequence beginning() {
    return length <= LONGEST ? this : new String(characters, 0, LONGEST);
  }

  /** Returns the same as {@link #beginning}, but at most up to the first NUL. */
  CharSequence beforeNul() {
    CharSequence beginning = beginning();
    int nul = hasNul ? beginning.toString().indexOf(0) : -1;
    return nul < 0 ? beginning : beginning.toString().substring(0, nul);
  }

  /**
   * Appends the text in lower case and without underscores, because some parsers compare names in
   * this form.
   */
  void fold(StringBuilder into) {
    for (int i = 0; i < length; i++) {
      char c = characters[i];
      if (c >= 'a' && c <= 'z') {
        into.append(c);
      } else if (c != '_') {
        into.append(Character.toLowerCase(Character.toUpperCase(c)));
      }
    }
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return characters[index];
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().substring(start, end);
  }

  @Override
  public String toString() {
    String known = string;
    if (known == null) {
      known = new String(characters, 0, length);
      string = known;
    }
    return known;
  }
}
