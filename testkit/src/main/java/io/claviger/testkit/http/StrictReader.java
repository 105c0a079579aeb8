package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 messages strictly according to RFC 9112. The RFC permits recipients to tolerate
 * several deviations. This reader tolerates only empty lines before a request line (section 2.2).
 *
 * <p>A message is malformed if its end could be found in more than one way. A malformed message
 * has, for example, both a content length and a transfer coding, different lengths, a transfer
 * coding other than a single {@code chunked}, folded lines, or bare line feeds. Sizes are not
 * limited.
 */
public final class StrictReader {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  /** Matches the extensions of a chunk (RFC 9112, 7.1.1). */
  private static final Pattern EXTENSIONS =
      Pattern.compile(
          "([ \t]*;[ \t]*%s([ \t]*=[ \t]*(%s|\"([\t !#-\\[\\]-~\\x80-\\xff]|\\\\.)*\"))?)*"
              .formatted(TOKEN, TOKEN));

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  /** The result of reading a message. */
  public sealed interface Result {}

  /** A whole message. */
  public record Whole(Message message) implements Result {}

  /**
   * More bytes are needed.
   *
   * @param inBody whether the head is complete, so that only bytes of the body are missing
   */
  public record Incomplete(boolean inBody) implements Result {}

  /**
   * No recipient should accept these bytes.
   *
   * @param inBody whether the head was well-formed, so that the fault is in the body
   */
  public record Malformed(String why, boolean inBody) implements Result {}

  /** A recipient may give up after more than this number of interim answers. */
  private static final int MODERATE_INTERIM = 16;

  private static final long CHUNKED = -1;
  private static final long NONE = -2;

  private final byte[] bytes;
  private final int end;
  private int at;
  private boolean inBody;
  private boolean refusable;

  private StrictReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** Reads the request that begins at an index. */
  public static Result request(byte[] bytes, int from) {
    return request(bytes, from, bytes.length);
  }

  /**
   * @param end the index after the last byte that may be read
   */
  public static Result request(byte[] bytes, int from, int end) {
    StrictReader reader = new StrictReader(bytes, from, end);
    return reader.result(reader::request);
  }

  /** Returns the index at which a request may begin, after any empty lines. */
  public static int behindEmptyLines(byte[] bytes, int from) {
    int at = from;
    while (at + 1 < bytes.length && bytes[at] == '\r' && bytes[at + 1] == '\n') {
      at += 2;
    }
    return at;
  }

  /**
   * Reads the final answer that begins at an index, after any interim answers.
   *
   * @param method the method of the answered request
   * @param closed whether the connection was closed after the last byte
   */
  public static Result answer(byte[] bytes, int from, int end, String method, boolean closed) {
    StrictReader reader = new StrictReader(bytes, from, end);
    return reader.result(() -> reader.answer(method, closed));
  }

  private interface Reading {
    Message read();
  }

  private Result result(Reading reading) {
    try {
      return new Whole(reading.read());
    } catch (NeedsMore e) {
      return new Incomplete(inBody);
    } catch (Wrong e) {
      return new Malformed(e.why, inBody);
    }
  }

  private Message request() {
    at = behindEmptyLines(bytes, at);
    check(at == end || bytes[at] != '\n', "an empty line");
    check(at + 1 >= end || bytes[at] != '\r', "an empty line");
    String line = line();
    String[] parts = line.split(" ", -1);
    check(parts.length == 3, "the request line");
    check(isToken(parts[0]), "the method");
    check(!parts[1].isEmpty() && isVisible(parts[1]), "the target");
    check(parts[2].equals("HTTP/1.1") || parts[2].equals("HTTP/1.0"), "the version");
    List<Message.Field> fields = fields();
    boolean old = parts[2].equals("HTTP/1.0");
    long length = length(fields, old);
    inBody = true;
    byte[] body = length == CHUNKED ? chunks() : take(Math.max(0, length));
    boolean closes = asks(fields, "close") || (old && !asks(fields, "keep-alive"));
    return new Message(line, fields, body, at, closes, refusable);
  }

  private Message answer(String method, boolean closed) {
    for (int interim = 0; true; interim++) {
      refusable |= interim > MODERATE_INTERIM;
      inBody = false;
      String line = line();
      check(line.matches("HTTP/1\\.[01] [1-9][0-9][0-9] [^\\x00]*"), "the status line");
      refusable |= hasControl(line);
      List<Message.Field> fields = fields();
      int status = Integer.parseInt(line.substring(9, 12));
      check(status != 101, "a change of protocols");
      if (status >= 200) {
        boolean old = line.startsWith("HTTP/1.0");
        long length = length(fields, old);
        boolean framed = length != NONE;
        inBody = true;
        if (method.equals("HEAD") || status == 204 || status == 304) {
          return new Message(
              line, fields, new byte[0], at, old || asks(fields, "close"), refusable);
        }
        byte[] body = framed ? framed(length) : untilClosed(closed);
        return new Message(
            line, fields, body, at, old || !framed || asks(fields, "close"), refusable);
      }
    }
  }

  private byte[] framed(long length) {
    return length == CHUNKED ? chunks() : take(length);
  }

  private byte[] untilClosed(boolean closed) {
    if (!closed) {
      throw new NeedsMore();
    }
    return take((long) end - at);
  }

  private long length(List<Message.Field> fields, boolean old) {
    List<String> codings = Message.values(fields, "transfer-encoding");
    List<String> lengths = Message.values(fields, "content-length");
    if (!codings.isEmpty()) {
      check(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"), "the coding");
      check(lengths.isEmpty(), "both a length and a coding");
      check(!old, "a coding in HTTP/1.0");
      return CHUNKED;
    }
    if (lengths.isEmpty()) {
      return NONE;
    }
    String length = lengths.get(0);
    check(lengths.stream().allMatch(length::equals), "different lengths");
    check(length.matches("[0-9]+"), "the length");
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new Wrong("the length");
    }
  }

  private byte[] chunks() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      int semicolon = line.indexOf(';');
      String size = semicolon < 0 ? line : line.substring(0, semicolon).stripTrailing();
      check(size.matches("[0-9a-fA-F]{1,12}"), "a chunk's size");
      check(isValue(line), "a chunk's extension");
      refusable |= semicolon >= 0 && !EXTENSIONS.matcher(line.substring(size.length())).matches();
      long length = Long.parseLong(size, 16);
      if (length == 0) {
        fields();
        return body.toByteArray();
      }
      body.writeBytes(take(length));
      need(1);
      check(bytes[at] == '\r', "the end of a chunk");
      need(2);
      check(bytes[at + 1] == '\n', "the end of a chunk");
      at += 2;
    }
  }

  private List<Message.Field> fields() {
    List<Message.Field> fields = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      check(colon > 0 && isToken(line.substring(0, colon)), "a field's name");
      String value = trimmed(line.substring(colon + 1));
      check(isValue(value), "a field's value");
      refusable |= hasControl(value);
      fields.add(new Message.Field(line.substring(0, colon), value));
    }
    return fields;
  }

  /**
   * Trims only blanks and tabs. Any other white space belongs to the value, or makes the value
   * invalid.
   */
  private static String trimmed(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /**
   * Reads a line that ends with a carriage return and a line feed, and returns it without this end.
   */
  private String line() {
    for (int i = at; i < end; i++) {
      check(bytes[i] != '\n', "a bare line feed");
      if (bytes[i] == '\r' && i + 1 < end) {
        check(bytes[i + 1] == '\n', "a bare carriage return");
        String line = new String(bytes, at, i - at, ISO_8859_1);
        at = i + 2;
        return line;
      }
    }
    throw new NeedsMore();
  }

  private byte[] take(long count) {
    need(count);
    byte[] taken = java.util.Arrays.copyOfRange(bytes, at, at + (int) count);
    at += (int) count;
    return taken;
  }

  private void need(long count) {
    if (count > end - at) {
      throw new NeedsMore();
    }
  }

  private static boolean asks(List<Message.Field> fields, String wanted) {
    return Message.values(fields, "connection").stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .anyMatch(option -> option.strip().toLowerCase(Locale.ROOT).equals(wanted));
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || TOKEN_MARKS.indexOf(c) >= 0);
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c != 127);
  }

  /**
   * Whether a text can be the value of a field. Control characters are not valid. A recipient may
   * keep all of them except NUL (RFC 9110, 5.5).
   */
  private static boolean isValue(String text) {
    return text.indexOf('\0') < 0;
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(c -> c != '\t' && (c < ' ' || c == 127));
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new Wrong(what);
    }
  }

  /** Thrown and caught only within the reader, if bytes are missing. */
  private static final class NeedsMore extends RuntimeException {
    NeedsMore() {
      super(null, null, false, false);
    }
  }

  /** Thrown and caught only within the reader, if the bytes are malformed. */
  private static final class Wrong extends RuntimeException {
    private final String why;

    Wrong(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }
}
