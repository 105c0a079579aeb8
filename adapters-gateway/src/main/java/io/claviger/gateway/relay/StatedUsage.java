package io.claviger.gateway.relay;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.TokenUsage;
import io.netty.buffer.Unpooled;

/** Reads the token counts of an answer that is JSON and has arrived completely. */
public final class StatedUsage {
  private StatedUsage() {}

  /**
   * Returns the usage that the answer states at those places where its format has usage.
   *
   * @param path the path of the operation, without the path of the service's endpoint
   */
  public static TokenUsage of(WireFormat format, String path, byte[] answer) {
    TokenCounts counts = TokenCounts.of(format, path);
    counts.begin(AnswerFraming.DOCUMENT);
    counts.scan(Unpooled.wrappedBuffer(answer));
    return counts.usage(false);
  }
}
