package io.claviger.gateway.head;

import java.util.concurrent.ThreadLocalRandom;

/** Makes the ids by which an answer, log lines and audit events of one request are connected. */
public final class RequestIds {
  private RequestIds() {}

  /** {@code req_} and 24 hexadecimal digits; practically unique, but guessable and no secret. */
  public static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + hex(random.nextLong()) + hex(random.nextLong()).substring(8);
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
