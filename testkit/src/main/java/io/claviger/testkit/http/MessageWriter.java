package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/**
 * Writes the common parts of requests and answers: lines, fields and bodies. Some of these parts
 * are malformed.
 */
final class MessageWriter {
  /** On average, one of this many lines has a wrong line end. */
  private static final int ODD_LINE_END = 600;

  private static final int ODD_FIELD = 250;
  private static final String[] ODD_LINE_ENDS = {
    "\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "", " \r\n"
  };
  private static final String[] BLANKS = {" ", " ", " ", " ", "", "  ", "\t", " \t "};

  private final SplittableRandom random;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  MessageWriter(SplittableRandom random) {
    this.random = random;
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  <T> T oneOf(T[] things) {
    return things[random.nextInt(things.length)];
  }

  MessageWriter text(String text) {
    out.writeBytes(text.getBytes(ISO_8859_1));
    return this;
  }

  MessageWriter bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  MessageWriter lineEnd() {
    return text(oneIn(ODD_LINE_END) ? oneOf(ODD_LINE_ENDS) : "\r\n");
  }

  MessageWriter field(String name, String value) {
    if (oneIn(ODD_FIELD)) {
      String[] odd = {
        name + " : " + value,
        " " + name + ": " + value,
        name + value,
        ": " + value,
        name + ":\r\n " + value,
        name + ": " + value + "\r\n\tfolded",
        name + ": a\0b",
        name + ": " + value + "\nX-Line: feed",
        "(" + name + "): " + value,
        name + "\u00e9: " + value,
        name + ": \u000b" + value,
        name + ": " + value + "\u007f\u0001"
      };
      text(oneOf(odd));
    } else {
      text(name).text(":").text(oneOf(BLANKS)).text(value).text(oneIn(10) ? oneOf(BLANKS) : "");
    }
    return lineEnd();
  }

  /**
   * Writes fields other than those that frame the body: none, up to three, many, or a single very
   * long field.
   */
  void writeOtherFields(String[][] known, int mostMany) {
    int count = oneIn(200) ? random.nextInt(mostMany) : random.nextInt(4);
    String one = oneIn(3) ? "a" : "x-field";
    for (int i = 0; i < count; i++) {
      if (count > 4) {
        text(one).text(":").lineEnd();
      } else {
        String[] field = oneOf(known);
        field(field[0], field[1]);
      }
    }
    if (oneIn(500)) {
      field("X-Long", "v".repeat(random.nextInt(40_000)));
    }
  }

  /** Writes the fields that frame a body, the end of the head, and the body. */
  void writeFramed(byte[] body) {
    switch (random.nextInt(40)) {
      case 0 -> lengths(body.length + random.nextInt(-3, 4)).lineEnd().bytes(body);
      case 1 -> {
        boolean lengthFirst = random.nextBoolean();
        if (lengthFirst) {
          lengths(body.length);
        }
        field("Transfer-Encoding", "chunked");
        if (!lengthFirst) {
          lengths(body.length);
        }
        lineEnd().writeChunked(body);
      }
      case 2 -> {
        String[] odd = {
          "gzip, chunked",
          "chunked, chunked",
          "identity",
          "xchunked",
          "chunked;q=1",
          "",
          "\"chunked\""
        };
        field("Transfer-Encoding", oneOf(odd)).lineEnd().writeChunked(body);
      }
      case 3 -> {
        String n = Integer.toString(body.length);
        String[] odd = {
          "+" + n,
          "-" + n,
          n + ", " + n,
          n + ",7",
          "0x" + n,
          n + " " + n,
          "",
          "00" + n,
          n + ".0",
          "18446744073709551616",
          "9223372036854775807"
        };
        field("Content-Length", oneOf(odd)).lineEnd().bytes(body);
      }
      case 4 -> lengths(body.length).lengths(body.length).lineEnd().bytes(body);
      case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 ->
          field(
                  oneIn(5) ? "transfer-encoding" : "Transfer-Encoding",
                  oneIn(5) ? "Chunked" : "chunked")
              .lineEnd()
              .writeChunked(body);
      default -> lengths(body.length).lineEnd().bytes(body);
    }
  }

  private MessageWriter lengths(int length) {
    return field("Content-Length", Integer.toString(length));
  }

  private void writeChunked(byte[] body) {
    int at = 0;
    while (at < body.length) {
      int size = Math.min(body.length - at, 1 + random.nextInt(oneIn(4) ? 5 : 3_000));
      writeSize(size);
      out.write(body, at, size);
      if (oneIn(600)) {
        text("x");
      }
      lineEnd();
      at += size;
    }
    writeSize(0);
    if (oneIn(12)) {
      field("X-Trailer", "t");
    }
    if (oneIn(100)) {
      field("Content-Length", "3");
    }
    lineEnd();
  }

  private void writeSize(int size) {
    String digits = Integer.toHexString(size);
    if (oneIn(8)) {
      digits = "0".repeat(random.nextInt(6)) + digits.toUpperCase(java.util.Locale.ROOT);
    }
    if (oneIn(150)) {
      String[] odd = {
        "0x" + digits,
        "-" + digits,
        "+" + digits,
        " " + digits,
        digits + " 1",
        "",
        "ffffffffffffffff" + digits,
        digits + "g",
        digits + "\u000b",
        digits + "\0"
      };
      digits = oneOf(odd);
    }
    text(digits);
    if (oneIn(20)) {
      String[] extensions = {
        ";a=b", " ;a", "; a=\"b;c\"", ";", ";a=b\tc", ";a=\rb", ";a=\nb", ";\0"
      };
      text(extensions[random.nextInt(oneIn(10) ? extensions.length : 3)]);
    }
    lineEnd();
  }

  byte[] random(int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  byte[] written() {
    return out.toByteArray();
  }
}
