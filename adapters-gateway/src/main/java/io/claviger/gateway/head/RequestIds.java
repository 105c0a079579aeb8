package io.claviger.gateway.head;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the ids by which an answer, log lines and audit events of one request are connected. */
public final class RequestIds {
  private static final HexFormat HEX = HexFormat.of();

  private RequestIds() {}

  /** {@code req_} and 24 hexadecimal digits; practically unique, but guessable and no secret. */
  public static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextInt());
  }
}
