package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.SplittableRandom;

/** Generates bytes that a caller might send on one connection: several requests in a row. */
public final class RequestGenerator {
  private static final int MOST_REQUESTS = 16;
  private static final String[][] FIELDS = {
    {"Accept", "*/*"},
    {"User-Agent", "fuzz/1"},
    {"Connection", "keep-alive"},
    {"Connection", "X-Field, Keep-Alive"},
    {"Keep-Alive", "timeout=5"},
    {"Expect", "100-continue"},
    {"Expect", "miracles"},
    {"TE", "trailers"},
    {"Upgrade", "h2c"},
    {"Cookie", "a=b"},
    {"X-Forwarded-For", "192.0.2.1, 999.1.1.1"},
    {"Forwarded", "for=999.1.1.1;host=\"x"},
    {"X-HTTP-Method-Override", "DELETE"},
    {"If-Match", "\"a\", W/\"b\""},
    {"If-None-Match", "*"},
    {"Range", "bytes=0-"},
    {"Content-Encoding", "gzip"},
    {"X-Request-Id", "\u00e9\u00ff"},
    {"X-Stainless-Lang", "java"},
    {"Host", "other.example"}
  };
  private static final String[] ODD_TARGETS = {
    "/",
    "*",
    "/%00",
    "/..;/x",
    "//",
    "/%2e%2e/",
    "/\u00e9",
    "/a?b?c#d",
    "example.com:80",
    "?",
    "/%",
    "/\\"
  };
  private static final String[] ODD_METHODS = {
    "HEAD", "OPTIONS", "TRACE", "get", "PATCH", "M-SEARCH", "CONNECT", "G\u00e9T", "QUERY", ""
  };
  private static final String[] ODD_VERSIONS = {
    "HTTP/1.0",
    "HTTP/1.0",
    "HTTP/1.2",
    "HTTP/2.0",
    "HTTP/0.9",
    "http/1.1",
    "HTTP/1.1 ",
    "HTTP/11",
    "",
    "HTTP/1.01"
  };

  /**
   * The parts from which requests are written, so that the server understands some of these
   * requests.
   *
   * @param requests a list with the method, target and body of each request; an empty body means no
   *     body
   * @param fields the fields of every request, each with its name and value; each of them is
   *     sometimes left out
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the arrays.
  public record Vocabulary(String[][] requests, String[][] fields) {}

  /**
   * The bytes to send on one connection.
   *
   * @param requests the number of written requests; a reader might find a different number in the
   *     bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  public record Pipeline(byte[] bytes, int requests) {}

  private final SplittableRandom random;
  private final Vocabulary words;
  private final MessageWriter writer;

  private RequestGenerator(SplittableRandom random, Vocabulary words) {
    this.random = random;
    this.words = words;
    this.writer = new MessageWriter(random);
  }

  public static Pipeline pipeline(SplittableRandom random, Vocabulary words) {
    RequestGenerator generator = new RequestGenerator(random, words);
    int count = 1 + random.nextInt(MOST_REQUESTS);
    for (int i = 0; i < count; i++) {
      generator.request();
    }
    byte[] bytes = generator.writer.written();
    return new Pipeline(random.nextInt(3) == 0 ? Mutation.of(bytes, random) : bytes, count);
  }

  private void request() {
    if (writer.oneIn(40)) {
      writer.text("\r\n");
    }
    String[] request = writer.oneOf(words.requests());
    writeStartLine(request[0], request[1]);
    writer.field("Host", "localhost");
    for (String[] field : words.fields()) {
      if (!writer.oneIn(25)) {
        writer.field(field[0], field[1]);
      }
    }
    writer.writeOtherFields(FIELDS, 300);
    if (writer.oneIn(40)) {
      writer.field("Connection", writer.oneIn(3) ? "x, Close" : "close");
    }
    byte[] body = body(request[2]);
    if (body.length == 0 && !writer.oneIn(4)) {
      writer.lineEnd();
    } else {
      writer.writeFramed(body);
    }
  }

  private void writeStartLine(String method, String target) {
    String blank = writer.oneIn(400) ? writer.oneOf(new String[] {"  ", "\t", "", "\u000b"}) : " ";
    writer
        .text(writer.oneIn(40) ? writer.oneOf(ODD_METHODS) : method)
        .text(blank)
        .text(target(target))
        .text(blank)
        .text(writer.oneIn(80) ? writer.oneOf(ODD_VERSIONS) : "HTTP/1.1")
        .lineEnd();
  }

  private String target(String usual) {
    return switch (random.nextInt(60)) {
      case 0 -> writer.oneOf(ODD_TARGETS);
      case 1 -> "http://elsewhere.example" + usual;
      case 2 -> usual + "?a=" + random.nextInt();
      case 3 -> usual + "/%" + Integer.toHexString(random.nextInt(256));
      case 4 -> writer.oneIn(5) ? usual + "x".repeat(random.nextInt(20_000)) : usual;
      default -> usual;
    };
  }

  private byte[] body(String usual) {
    return switch (random.nextInt(30)) {
      case 0 -> writer.random(500);
      case 1 ->
          "GET /gateway/services/alice/my-openai/models HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
      case 2 -> "0\r\n\r\n".getBytes(ISO_8859_1);
      case 3 -> writer.oneIn(20) ? writer.random(100_000) : new byte[0];
      default -> usual.getBytes(ISO_8859_1);
    };
  }
}
