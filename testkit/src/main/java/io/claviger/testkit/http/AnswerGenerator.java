package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.SplittableRandom;

/** Writes bytes that a provider might send as the answer to one request. */
public final class AnswerGenerator {
  private static final String[] STATUS_LINES = {
    "HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 201 Created", "HTTP/1.1 204 No Content",
        "HTTP/1.1 400 Bad",
    "HTTP/1.1 401 No", "HTTP/1.1 404 Not Found", "HTTP/1.1 429 Slow", "HTTP/1.1 500 Oh",
        "HTTP/1.1 503 Busy",
    "HTTP/1.1 302 Found", "HTTP/1.1 304 Same", "HTTP/1.0 200 OK", "HTTP/1.1 205 Reset",
        "HTTP/1.1 599 Odd"
  };
  private static final String[] ODD_STATUS_LINES = {
    "HTTP/1.1 200",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/1.1 999 Odd",
    "HTTP/1.1 000 x",
    "HTTP/1.1 -200 OK",
    "HTTP/2 200 OK",
    "HTTP/9.9 200 OK",
    "ICY 200 OK",
    "",
    "{",
    "HTTP/1.1 101 Switching Protocols",
    "HTTP/1.1 2x0 OK",
    "\u0015\u0003\u0001\u0000\u0002\u0002P"
  };

  private final SplittableRandom random;
  private final MessageWriter writer;
  private final String secret;

  private AnswerGenerator(SplittableRandom random, String secret) {
    this.random = random;
    this.writer = new MessageWriter(random);
    this.secret = secret;
  }

  /**
   * @param mark a text that most bodies contain, and that shows to which request an answer belongs
   * @param secret a text that some parts of the answers repeat
   */
  public static byte[] answer(SplittableRandom random, String mark, String secret) {
    AnswerGenerator generator = new AnswerGenerator(random, secret);
    generator.answer(mark);
    byte[] bytes = generator.writer.written();
    return random.nextInt(3) == 0 ? Mutation.of(bytes, random) : bytes;
  }

  private void answer(String mark) {
    if (writer.oneIn(40)) {
      int count = writer.oneIn(20) ? random.nextInt(300) : 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        writer
            .text(writer.oneIn(2) ? "HTTP/1.1 100 Continue" : "HTTP/1.1 103 Early Hints")
            .lineEnd();
        writer.writeOtherFields(fields(), 50);
        writer.lineEnd();
      }
    }
    writer
        .text(
            writer.oneIn(50)
                ? writer.oneOf(ODD_STATUS_LINES)
                : STATUS_LINES[writer.oneIn(4) ? random.nextInt(STATUS_LINES.length) : 0])
        .lineEnd();
    if (!writer.oneIn(4)) {
      writer.field(
          "Content-Type",
          writer.oneIn(5) ? "text/event-stream" : "application/json; charset=utf-8");
    }
    writer.writeOtherFields(fields(), 900);
    if (writer.oneIn(30)) {
      writer.field("Connection", writer.oneIn(3) ? "keep-alive, X-Field" : "close");
    }
    byte[] body = body(mark);
    if (writer.oneIn(15)) {
      writer.lineEnd().bytes(body);
    } else {
      writer.writeFramed(body);
    }
    if (writer.oneIn(40)) {
      writer.text("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned");
    }
  }

  private String[][] fields() {
    return new String[][] {
      {"Date", "Thu, 01 Jan 2026 00:00:00 GMT"},
      {"X-RateLimit-Limit", "7"},
      {"X-Accel-Redirect", "/internal"},
      {"X-Claviger-Error", "internal_error"},
      {"Set-Cookie", "a=b"},
      {"Content-Encoding", writer.oneIn(2) ? "gzip" : "identity"},
      {"X-Request-Id", secret},
      {"Openai-Version", "a" + secret + "b"},
      {"X-Ratelimit-Reset", secret.substring(0, 9) + "\r\n " + secret.substring(9)},
      {"Retry-After", "1"},
      {"Location", "http://elsewhere.example/"},
      {"Link", "</x>; rel=preload"},
      {"Trailer", "X-Trailer"},
      {"Upgrade", "h2c"}
    };
  }

  private byte[] body(String mark) {
    String text =
        switch (random.nextInt(10)) {
          case 0 -> "";
          case 1 -> mark + secret + "." + secret;
          case 2 -> "data: {\"" + mark + "\": \"" + secret + "\"}\n\ndata: [DONE]\n\n";
          case 3 -> mark + "-".repeat(random.nextInt(20_000));
          case 4 -> mark + secret.repeat(writer.oneIn(20) ? 300 : 3);
          default -> "{\"mark\": \"" + mark + "\", \"usage\": {\"prompt_tokens\": 7}}";
        };
    return writer.oneIn(20) ? writer.random(70_000) : text.getBytes(ISO_8859_1);
  }
}
