package io.claviger.gateway.model;

/**
 * The beginning of a JSON name or string, with its escapes resolved. One instance serves a whole
 * document, so its content is valid only until the next name or string begins.
 */
final class ScannedText implements CharSequence {
  /** The longest name of a model. */
  static final int LONGEST = 256;

  private final char[] characters;
  private int length;
  private boolean longer;
  private boolean hasNul;

  ScannedText(int longest) {
    this.characters = new char[longest];
  }

  /** The position of the next byte that ends a string, begins an escape or is not plain ASCII. */
  static int skipPlain(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\') {
      at++;
    }
    return at;
  }

  void clear() {
    length = 0;
    longer = false;
    hasNul = false;
  }

  void add(int codePoint) {
    hasNul |= codePoint == 0;
    if (longer || length + Character.charCount(codePoint) > characters.length) {
      longer = true;
    } else if (codePoint <= Character.MAX_VALUE) {
      characters[length++] = (char) codePoint;
    } else {
      length += Character.toChars(codePoint, characters, length);
    }
  }

  /** Whether the text is longer than what is kept here. */
  boolean isLonger() {
    return longer;
  }

  /** A reader in C may take the part before the NUL for the whole text. */
  boolean hasNul() {
    return hasNul;
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
    return new String(characters, 0, length);
  }
}
