package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells whether the last event of a stream has passed: of server-sent events, or of objects in JSON
 * on a line each. Clients hang up after it, often before the connection's own end of the answer
 * arrives.
 */
final class StreamEnd {
  private static final int LONGEST = 512;

  /** What the object on the last line has: Ollama's, and that of Cohere's first version. */
  private static final Pattern LAST_OBJECT =
      Pattern.compile("\"(?:done|is_finished)\" ?: ?true\\b");

  /** The beginnings of lines that only the last event has. */
  private static final List<byte[]> LAST_LINES =
      Stream.concat(
              Stream.of("data: [DONE]", "data:[DONE]"),
              Stream.of(
                      "message_stop",
                      "message-end",
                      "response.completed",
                      "response.incomplete",
                      "response.failed",
                      "speech.audio.done",
                      "transcript.text.done")
                  .flatMap(StreamEnd::linesNaming))
          .map(line -> line.getBytes(US_ASCII))
          .toList();

  private final boolean lines;
  private final byte[] line = new byte[LONGEST];
  private int length;
  private boolean inLastEvent;
  private boolean hasPassed;

  private StreamEnd(boolean lines) {
    this.lines = lines;
  }

  static StreamEnd ofEvents() {
    return new StreamEnd(false);
  }

  static StreamEnd ofLines() {
    return new StreamEnd(true);
  }

  private static Stream<String> linesNaming(String event) {
    return Stream.of(
        "event: " + event,
        "event:" + event,
        "data: {\"type\":\"" + event + '"',
        "data: {\"type\": \"" + event + '"',
        "data:{\"type\":\"" + event + '"');
  }

  /**
   * @param part of the answer's body; not changed
   */
  void follow(ByteBuf part) {
    int end = part.writerIndex();
    int from = part.readerIndex();
    while (from < end) {
      int lineFeed = part.indexOf(from, end, (byte) '\n');
      keep(part, from, lineFeed < 0 ? end : lineFeed);
      if (lineFeed < 0) {
        return;
      }
      endLine();
      from = lineFeed + 1;
    }
  }

  boolean hasPassed() {
    return hasPassed;
  }

  private void keep(ByteBuf part, int from, int to) {
    int kept = Math.min(length, LONGEST);
    int more = Math.min(to - from, LONGEST - kept);
    if (more > 0) {
      part.getBytes(from, line, kept, more);
    }
    length = (int) Math.min((long) length + to - from, Integer.MAX_VALUE);
  }

  private void endLine() {
    if (lines) {
      hasPassed |=
          LAST_OBJECT.matcher(new String(line, 0, Math.min(length, LONGEST), ISO_8859_1)).find();
      length = 0;
      return;
    }
    boolean empty = length == 0 || (length == 1 && line[0] == '\r');
    if (empty) {
      hasPassed |= inLastEvent;
      inLastEvent = false;
    } else {
      inLastEvent |= isOfLastEvent();
    }
    length = 0;
  }

  private boolean isOfLastEvent() {
    int kept = Math.min(length, LONGEST);
    for (byte[] each : LAST_LINES) {
      if (kept >= each.length && Arrays.equals(line, 0, each.length, each, 0, each.length)) {
        return true;
      }
    }
    return false;
  }
}
