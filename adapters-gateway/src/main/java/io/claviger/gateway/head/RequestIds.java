package io.claviger.gateway.head;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the ids that connect the answer, the log lines and the audit events of one request. */
public final class RequestIds {
  private static final HexFormat HEX = HexFormat.of();

  private RequestIds() {}

  /**
   * Returns {@code req_} and 24 hexadecimal digits. The id is unique in practice, but it can be
   * guessed and is no secret.
   */
  public static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextInt());
  }
}
