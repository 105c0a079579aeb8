package io.claviger.gateway.usage;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.TokenUsage;
import io.netty.buffer.Unpooled;

/** Reads the token counts of a complete JSON answer. */
public final class StatedUsage {
  private StatedUsage() {}

  /**
   * Returns the usage that the answer states, read from the places where answers in this format
   * contain it.
   *
   * @param path the path below the service's endpoint
   */
  public static TokenUsage of(WireFormat format, String path, byte[] answer) {
    TokenCounts counts = TokenCounts.of(format, path);
    counts.begin(AnswerFraming.DOCUMENT);
    counts.scan(Unpooled.wrappedBuffer(answer));
    return counts.usage(false);
  }
}
