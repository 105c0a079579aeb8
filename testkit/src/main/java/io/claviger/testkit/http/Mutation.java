package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes a few bytes of a message, mostly where a change affects how the message is parsed. */
public final class Mutation {
  private static final String[] TELLING = {
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "\t",
    ":",
    ",",
    ";",
    "0",
    "\r\n\r\n",
    "\n\n",
    "\r\n ",
    "0\r\n\r\n",
    "-1",
    "ffffffffffffffff",
    "99999999999999999999",
    "chunked",
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding:\u000bchunked\r\n",
    "Connection: close\r\n",
    "Connection: content-length\r\n",
    "Upgrade: websocket\r\n",
    "Expect: 100-continue\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "\u00ff",
    "%",
    "GET / HTTP/1.1\r\n\r\n"
  };
  private static final int MOST_DOUBLED = 400;

  private Mutation() {}

  public static byte[] of(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes;
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && changed.length > 0; i++) {
      changed = once(changed, random);
    }
    return changed;
  }

  private static byte[] once(byte[] bytes, SplittableRandom random) {
    int at = place(bytes, random);
    return switch (random.nextInt(8)) {
      case 0 -> replaced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
      case 1 ->
          replaced(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
      case 2 -> replaced(bytes, at, at + 1, new byte[0]);
      case 3 ->
          replaced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(20)), new byte[0]);
      case 4 -> {
        int to = Math.min(bytes.length, at + 1 + random.nextInt(MOST_DOUBLED));
        yield replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      }
      case 5 -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
      default ->
          replaced(bytes, at, at, TELLING[random.nextInt(TELLING.length)].getBytes(ISO_8859_1));
    };
  }

  /** Chooses a position in the bytes, mostly that of a line end, a colon or a blank. */
  private static int place(byte[] bytes, SplittableRandom random) {
    int at = random.nextInt(bytes.length);
    if (random.nextInt(3) > 0) {
      for (int i = at; i < bytes.length; i++) {
        if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == ':' || bytes[i] == ' ') {
          return i;
        }
      }
    }
    return at;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] with) {
    byte[] changed = new byte[bytes.length - (to - from) + with.length];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(with, 0, changed, from, with.length);
    System.arraycopy(bytes, to, changed, from + with.length, bytes.length - to);
    return changed;
  }
}
