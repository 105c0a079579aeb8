package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern for the values of a setting, in a subset of regular expressions. The time for matching
 * is at most proportional to the product of the lengths of pattern and value, whatever they
 * contain. The time matters because the people who write values are not the administrators who
 * write the patterns.
 *
 * <p>A pattern is a sequence of elements. An element is a dot for any character, a class such as
 * {@code [a-z0-9-]}, a plain character, or a character after a backslash. A repetition may follow
 * an element: {@code ?}, {@code *}, {@code +}, {@code {3}}, {@code {2,}} or {@code {2,8}}. Groups
 * and alternatives are not supported. The pattern has to match the whole value.
 */
public final class SettingPattern {
  private static final int LONGEST = 128;
  private static final String SPECIAL = "[](){}|?*+.^$\\";

  private final String text;
  private final List<Piece> pieces;

  /**
   * An element of a pattern: a set of characters, with the smallest and the greatest number of
   * successive characters that the element matches.
   */
  private record Piece(BitSet characters, int least, int most) {}

  /**
   * @throws InvalidValue when the text is not such a pattern of 1 to 128 visible ASCII characters
   */
  public SettingPattern(String text) {
    boolean isVisible = text.chars().allMatch(c -> c > ' ' && c <= '~');
    if (text.isEmpty() || text.length() > LONGEST || !isVisible) {
      throw invalid();
    }
    this.text = text;
    this.pieces = new Reader(text).all();
  }

  public String text() {
    return text;
  }

  public boolean matches(String value) {
    BitSet reached = new BitSet(value.length() + 1);
    reached.set(0);
    for (Piece piece : pieces) {
      BitSet next = new BitSet(value.length() + 1);
      int[] run = runs(piece.characters, value);
      for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
        int most = Math.min(piece.most, run[at]);
        if (piece.least <= most) {
          next.set(at + piece.least, at + most + 1);
        }
      }
      reached = next;
    }
    return reached.get(value.length());
  }

  /**
   * For each position in the value, returns how many successive characters, from this position on,
   * are in the set.
   */
  private static int[] runs(BitSet characters, String value) {
    int[] run = new int[value.length() + 1];
    for (int i = value.length() - 1; i >= 0; i--) {
      run[i] = characters.get(value.charAt(i)) ? run[i + 1] + 1 : 0;
    }
    return run;
  }

  private static InvalidValue invalid() {
    return new InvalidValue(
        "settings",
        "patterns of 1 to 128 visible ASCII characters: characters, classes such as [a-z0-9] and"
            + " repetitions such as + or {2,8}, without groups and alternatives");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SettingPattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<Piece> all() {
      List<Piece> pieces = new ArrayList<>();
      while (at < text.length()) {
        pieces.add(counted(characters()));
      }
      return List.copyOf(pieces);
    }

    private BitSet characters() {
      char c = next();
      if (c == '[') {
        return ofClass();
      }
      BitSet characters = new BitSet();
      if (c == '.') {
        characters.set(' ', '~' + 1);
      } else if (c == '\\') {
        characters.set(escaped());
      } else if (SPECIAL.indexOf(c) < 0) {
        characters.set(c);
      } else {
        throw invalid();
      }
      return characters;
    }

    private BitSet ofClass() {
      BitSet characters = new BitSet();
      char c = next();
      while (c != ']') {
        int from = member(c);
        int to = from;
        boolean isRange = at + 1 < text.length() && text.charAt(at) == '-';
        if (isRange && text.charAt(at + 1) != ']') {
          at++;
          to = member(next());
        }
        if (to < from) {
          throw invalid();
        }
        characters.set(from, to + 1);
        c = next();
      }
      if (characters.isEmpty()) {
        throw invalid();
      }
      return characters;
    }

    /**
     * Reads a character of a class. Nested classes, intersections and negations are not supported.
     */
    private char member(char c) {
      if (c == '\\') {
        return escaped();
      }
      if (c == '[' || c == '^' || c == '&') {
        throw invalid();
      }
      return c;
    }

    /**
     * Reads a character after a backslash. A letter or digit is refused, because it has another
     * meaning in regular expressions.
     */
    private char escaped() {
      char c = next();
      if (Character.isLetterOrDigit(c)) {
        throw invalid();
      }
      return c;
    }

    private Piece counted(BitSet characters) {
      if (at == text.length()) {
        return new Piece(characters, 1, 1);
      }
      return switch (text.charAt(at)) {
        case '?' -> counted(characters, 0, 1);
        case '*' -> counted(characters, 0, ServiceSettings.LONGEST_VALUE);
        case '+' -> counted(characters, 1, ServiceSettings.LONGEST_VALUE);
        case '{' -> {
          int end = text.indexOf('}', at);
          String[] bounds = end < 0 ? new String[0] : text.substring(at + 1, end).split(",", -1);
          if (bounds.length < 1 || bounds.length > 2) {
            throw invalid();
          }
          int least = number(bounds[0]);
          int most =
              bounds.length == 1
                  ? least
                  : bounds[1].isEmpty() ? ServiceSettings.LONGEST_VALUE : number(bounds[1]);
          at = end;
          yield counted(characters, least, most);
        }
        default -> new Piece(characters, 1, 1);
      };
    }

    private Piece counted(BitSet characters, int least, int most) {
      at++;
      if (most < least) {
        throw invalid();
      }
      return new Piece(characters, least, most);
    }

    private static int number(String digits) {
      boolean isNumber =
          !digits.isEmpty()
              && digits.length() <= 3
              && digits.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!isNumber || Integer.parseInt(digits) > ServiceSettings.LONGEST_VALUE) {
        throw invalid();
      }
      return Integer.parseInt(digits);
    }

    private char next() {
      if (at == text.length()) {
        throw invalid();
      }
      return text.charAt(at++);
    }
  }
}
