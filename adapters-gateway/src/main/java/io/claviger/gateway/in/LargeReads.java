package io.claviger.gateway.in;

import io.claviger.gateway.wire.LoopTurn;
import io.netty.channel.Channel;

/**
 * Limits how many large reads an event loop makes in one turn. The bytes of all reads take memory
 * that no budget counts, until the calls receive these bytes later in the turn.
 */
public final class LargeReads {
  static final int MOST = 16;

  private final Runnable endOfTurn = this::endTurn;
  private int made;

  /** Whether the event loop may make a further large read. Only called on the event loop. */
  boolean take(Channel channel) {
    if (made == 0) {
      LoopTurn.next(channel, endOfTurn);
    }
    return made++ < MOST;
  }

  private void endTurn() {
    made = 0;
  }
}
