package io.claviger.gateway.in;

import java.util.concurrent.ThreadLocalRandom;

/** Names requests, so that an answer, a log line and an audit event can be brought together. */
public final class RequestIds {
  private RequestIds() {}

  /** {@code req_} and 24 hexadecimal digits; unlikely to meet again, guessable, no secret. */
  public static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + hex(random.nextLong()) + hex(random.nextLong()).substring(8);
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
