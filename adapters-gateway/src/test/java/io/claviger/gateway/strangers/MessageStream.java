package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads HTTP messages from a connection, one after the other. */
final class MessageStream {
  /**
   * A message.
   *
   * @param fields by their names in lower case; values of one name are joined by a comma
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record Received(String startLine, Map<String, String> fields, byte[] body) {
    int status() {
      return Integer.parseInt(startLine.substring(9, 12));
    }

    String text() {
      return new String(body, ISO_8859_1);
    }
  }

  private final InputStream in;
  private byte[] bytes = new byte[1 << 14];
  private int from;
  private int to;

  MessageStream(Socket socket) throws IOException {
    in = socket.getInputStream();
  }

  /**
   * @throws EOFException when the connection has ended
   */
  Received read(boolean answersHead) throws IOException {
    String[] lines = head().split("\r\n");
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      int colon = line.indexOf(':');
      fields.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    boolean answer = lines[0].startsWith("HTTP/");
    byte[] body;
    if (answersHead || (answer && (lines[0].contains(" 204") || lines[0].contains(" 304")))) {
      body = new byte[0];
    } else if (fields.containsKey("transfer-encoding")) {
      body = chunks();
    } else if (fields.containsKey("content-length")) {
      body = take(Integer.parseInt(fields.get("content-length")));
    } else {
      body = answer ? rest() : new byte[0];
    }
    return new Received(lines[0], fields, body);
  }

  private String head() throws IOException {
    int searched = from;
    while (true) {
      for (int i = Math.max(from, searched - 3); i + 3 < to; i++) {
        if (bytes[i] == '\r'
            && bytes[i + 1] == '\n'
            && bytes[i + 2] == '\r'
            && bytes[i + 3] == '\n') {
          String head = new String(bytes, from, i - from, ISO_8859_1);
          from = i + 4;
          return head;
        }
      }
      searched = to;
      int before = from;
      more();
      searched -= before - from;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
      line.append((char) (take(1)[0] & 0xff));
    }
    return line.substring(0, line.length() - 2);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size = Integer.parseInt(line().split(";")[0].strip(), 16);
    while (size > 0) {
      body.writeBytes(take(size));
      line();
      size = Integer.parseInt(line().split(";")[0].strip(), 16);
    }
    while (!line().isEmpty()) {
      // A trailer.
    }
    return body.toByteArray();
  }

  private byte[] take(int count) throws IOException {
    while (to - from < count) {
      more();
    }
    byte[] taken = Arrays.copyOfRange(bytes, from, from + count);
    from += count;
    return taken;
  }

  private byte[] rest() throws IOException {
    try {
      while (true) {
        more();
      }
    } catch (EOFException end) {
      return take(to - from);
    }
  }

  private void more() throws IOException {
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * to);
    }
    int count = in.read(bytes, to, bytes.length - to);
    if (count < 0) {
      throw new EOFException("the connection ended");
    }
    to += count;
  }
}
