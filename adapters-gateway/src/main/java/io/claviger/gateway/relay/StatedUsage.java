package io.claviger.gateway.relay;

import io.claviger.domain.usage.TokenUsage;
import io.netty.buffer.Unpooled;

/** Reads the token counts of an answer that is there as a whole. */
public final class StatedUsage {
  private StatedUsage() {}

  /** Returns what the answer states, in any format. */
  public static TokenUsage of(byte[] answer) {
    TokenCounts counts = new TokenCounts();
    counts.scan(Unpooled.wrappedBuffer(answer));
    return counts.usage(false);
  }
}
