package io.claviger.domain;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The notes that people and programs attach to a resource: a JSON object of up to 16 KiB. Claviger
 * does not use the object's content.
 *
 * @param json the object's text, without white space between values. The members are in the order
 *     in which they were given, and numbers are written as they were given. Invisible characters
 *     are escaped.
 */
public record Metadata(String json) {
  public static final Metadata NONE = new Metadata("{}");

  /** The greatest size of the text in bytes, in UTF-8 and without white space between values. */
  public static final int MOST_BYTES = 16_384;

  /** The greatest depth of nested objects and lists. */
  public static final int DEEPEST = 16;

  private static final int LONGEST_NUMBER = 100;

  /**
   * The greatest size of the given text in characters, including white space. Without this bound, a
   * caller could make the program read megabytes of white space.
   */
  private static final int LONGEST_GIVEN = 8 * MOST_BYTES;

  /**
   * @throws InvalidValue when the text is not a JSON object or exceeds the bounds; also when an
   *     object in the text has two members with the same name, when a member has the name of a
   *     secret, or when a string contains NUL or half of a surrogate pair
   */
  public Metadata {
    if (json.length() > LONGEST_GIVEN) {
      throw tooLong();
    }
    json = new Reader(json).document();
    if (json.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw tooLong();
    }
  }

  private static InvalidValue tooLong() {
    return new InvalidValue("metadata", "a JSON object of at most 16,384 bytes");
  }

  private static InvalidValue notJson() {
    return new InvalidValue("metadata", "a JSON object, such as {\"team\": \"corpus\"}");
  }

  /**
   * Reads a JSON text once from beginning to end, and writes it without white space between values.
   */
  private static final class Reader {
    private static final int END = -1;

    private final String text;
    private final StringBuilder out;
    private int at;

    Reader(String text) {
      this.text = text;
      this.out = new StringBuilder(text.length());
    }

    String document() {
      if (next() != '{') {
        throw notJson();
      }
      members(1);
      if (next() != END) {
        throw notJson();
      }
      return out.toString();
    }

    private void value(int depth) {
      switch (next()) {
        case '{' -> members(deeper(depth));
        case '[' -> items(deeper(depth));
        case '"' -> string();
        case 't' -> word("true");
        case 'f' -> word("false");
        case 'n' -> word("null");
        default -> number();
      }
    }

    private static int deeper(int depth) {
      if (depth == DEEPEST) {
        throw new InvalidValue("metadata", "at most 16 levels of nested objects and lists");
      }
      return depth + 1;
    }

    private void members(int depth) {
      copy('{');
      Set<String> names = new HashSet<>();
      if (next() != '}') {
        do {
          demand('"');
          String name = string();
          if (!names.add(name)) {
            throw new InvalidValue("metadata", "each name at most once in an object");
          }
          // Secrets are refused, because other people can see the metadata.
          if (SecretNames.contains(name)) {
            throw new InvalidValue(
                "metadata", "no secret, such as " + name + ": other people see this");
          }
          demand(':');
          copy(':');
          value(depth);
        } while (another());
        demand('}');
      }
      copy('}');
    }

    private void items(int depth) {
      copy('[');
      if (next() != ']') {
        do {
          value(depth);
        } while (another());
        demand(']');
      }
      copy(']');
    }

    private boolean another() {
      if (next() != ',') {
        return false;
      }
      copy(',');
      return true;
    }

    /** Reads a string and returns its value. */
    private String string() {
      StringBuilder meant = new StringBuilder();
      at++;
      for (int c = take(); c != '"'; c = take()) {
        if (c < ' ') {
          throw notJson();
        }
        meant.append(c == '\\' ? escaped() : (char) c);
      }
      write(meant.toString());
      return meant.toString();
    }

    private char escaped() {
      int c = take();
      return switch (c) {
        case '"', '\\', '/' -> (char) c;
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'u' -> {
          int code = 0;
          for (int n = 0; n < 4; n++) {
            int digit = take();
            if (digit > 'f' || Character.digit(digit, 16) < 0) {
              throw notJson();
            }
            code = code * 16 + Character.digit(digit, 16);
          }
          yield (char) code;
        }
        default -> throw notJson();
      };
    }

    private void write(String meant) {
      out.append('"');
      meant
          .codePoints()
          .forEach(
              c -> {
                if (c == 0 || Character.getType(c) == Character.SURROGATE) {
                  throw new InvalidValue(
                      "metadata", "texts without NUL and without halves of surrogate pairs");
                }
                switch (c) {
                  case '"', '\\' -> out.append('\\').append((char) c);
                  case '\n' -> out.append("\\n");
                  case '\t' -> out.append("\\t");
                  case '\r' -> out.append("\\r");
                  default -> writeSeen(c);
                }
              });
      out.append('"');
    }

    private void writeSeen(int c) {
      boolean hidden =
          switch (Character.getType(c)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR,
                Character.PRIVATE_USE,
                Character.UNASSIGNED ->
                true;
            default -> false;
          };
      if (!hidden) {
        out.appendCodePoint(c);
        return;
      }
      for (char half : Character.toChars(c)) {
        out.append("\\u").append("%04x".formatted((int) half));
      }
    }

    private void word(String word) {
      if (!text.startsWith(word, at)) {
        throw notJson();
      }
      at += word.length();
      out.append(word);
    }

    private void number() {
      int begin = at;
      if (peek() == '-') {
        at++;
      }
      if (peek() == '0') {
        at++;
      } else {
        digits();
      }
      if (peek() == '.') {
        at++;
        digits();
      }
      if (peek() == 'e' || peek() == 'E') {
        at++;
        if (peek() == '+' || peek() == '-') {
          at++;
        }
        digits();
      }
      if (at - begin > LONGEST_NUMBER) {
        throw new InvalidValue("metadata", "numbers of at most 100 characters");
      }
      out.append(text, begin, at);
    }

    private void digits() {
      if (!isDigit(peek())) {
        throw notJson();
      }
      while (isDigit(peek())) {
        at++;
      }
    }

    private static boolean isDigit(int c) {
      return c >= '0' && c <= '9';
    }

    /** Skips white space, and returns the next character without consuming it. */
    private int next() {
      while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
        at++;
      }
      return peek();
    }

    private void demand(char wanted) {
      if (next() != wanted) {
        throw notJson();
      }
    }

    /** Reads a character that was already examined, and writes it to the result. */
    private void copy(char c) {
      at++;
      out.append(c);
    }

    private int take() {
      int c = peek();
      if (c == END) {
        throw notJson();
      }
      at++;
      return c;
    }

    private int peek() {
      return at < text.length() ? text.charAt(at) : END;
    }
  }
}
