package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Responses that try to harm their readers. */
final class HostileResponses {
  /**
   * A text with markup, a control character for the direction of text, emoji, and a word that is
   * wider than a phone's screen.
   */
  private static final String HOSTILE =
      "<img src=x onerror=hit()>\"'</bdi><script>hit()</script>\u202eabc\u2066 \ud83e\udd96 "
          + "w".repeat(10_000);

  private static final int LINES_AT_ONCE = 1 << 10;

  private HostileResponses() {}

  /** Sends a header whose value contains the key. The value is folded in the middle of the key. */
  static void foldedKey(StubExchange exchange) {
    String key = Echoes.keyOf(exchange.call());
    int half = key.length() / 2;
    exchange.writeRaw(
        "HTTP/1.1 200 OK\r\nX-RateLimit-Reset: %s\r\n %s\r\nContent-Length: 2\r\n\r\n{}"
            .formatted(key.substring(0, half), key.substring(half)));
    exchange.whenWritten(exchange::close);
  }

  /** Answers as a healthy provider does, except that the text could harm a page that shows it. */
  static void hostileText(StubExchange exchange) {
    StubCall call = exchange.call();
    exchange.send(
        call.format().text(call, HOSTILE).with("x-request-id", "<img src=x onerror=hit()>"));
  }

  /** Refuses a call, with the harmful text in the message. */
  static void hostileError(StubExchange exchange) {
    exchange.send(exchange.call().format().refusal(400, HOSTILE));
  }

  /** Sends header fields until the connection ends. */
  static void endlessHead(StubExchange exchange) {
    endless(exchange, "HTTP/1.1 200 OK\r\n", "a:\r\n");
  }

  /** Sends interim responses without end, and never a final response. */
  static void endlessInterim(StubExchange exchange) {
    endless(exchange, "", "HTTP/1.1 103 Early Hints\r\na: b\r\n\r\n");
  }

  /** Sends a head that has a status below 100 and announces a body of a terabyte. */
  static void lowStatus(StubExchange exchange) {
    endless(exchange, "HTTP/1.1 20 OK\r\nContent-Length: 999999999999\r\n\r\n", "....");
  }

  private static void endless(StubExchange exchange, String first, String line) {
    String lines = line.repeat(LINES_AT_ONCE);
    exchange.writeRaw(first);
    exchange.writePieces(
        () -> {
          exchange.writeRaw(lines);
          return true;
        });
  }

  /** Sends an error whose body repeats one character. */
  static Consumer<StubExchange> dashes(int bytes) {
    return exchange -> {
      exchange.open(StubResponse.of(400, "application/json", new byte[0]), (long) bytes);
      exchange.write(Unpooled.wrappedBuffer("-".repeat(bytes).getBytes(US_ASCII)));
      exchange.end();
    };
  }
}
