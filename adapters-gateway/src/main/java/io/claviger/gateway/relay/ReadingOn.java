package io.claviger.gateway.relay;

import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of an answer for a while after its caller has left. Answers usually end with their
 * usage, and they name the objects that the call has made. Under a strict budget, a call without
 * stated usage costs everything that was reserved. Meanwhile the call still counts as a call of the
 * caller. Confined to the event loop of the call.
 */
final class ReadingOn {
  private static final int MOST_SECONDS = 10;

  /**
   * The most seconds for a call that makes a batch. If the batch's id were not read, all that it
   * has reserved would be charged, and nobody would hold it.
   */
  private static final int MOST_SECONDS_OF_BATCH = 120;

  private final ProviderExchange provider;
  private final ConnectionPermit permit;
  private final Future<?> deadline;

  private ReadingOn(ProviderExchange provider, ConnectionPermit permit, Future<?> deadline) {
    this.provider = provider;
    this.permit = permit;
    this.deadline = deadline;
  }

  /**
   * Begins to read on, unless the caller has too many calls: the call still counts as one of them.
   * If the call makes a batch, only the node's limit of connections applies.
   *
   * @param late runs if the answer has not ended in time
   * @return null if the caller has too many calls
   */
  static @Nullable ReadingOn ifCounted(CallParts parts, Runnable late) {
    boolean makesBatch = parts.permission().call().spending().batch().isPresent();
    ConnectionPermit permit = parts.caller().staysCounted(makesBatch).orElse(null);
    return permit == null
        ? null
        : new ReadingOn(
            parts.provider(),
            permit,
            parts
                .caller()
                .channel()
                .eventLoop()
                .schedule(
                    late, makesBatch ? MOST_SECONDS_OF_BATCH : MOST_SECONDS, TimeUnit.SECONDS));
  }

  /** Begins to read the rest of the answer. The answer may end before this method returns. */
  void begin() {
    provider.readOn();
  }

  /** Ends after the complete answer. */
  void complete(boolean reusable) {
    stop();
    provider.end(reusable);
  }

  /** Stops reading. */
  void giveUp() {
    stop();
    provider.drop();
  }

  private void stop() {
    boolean unused = deadline.cancel(false);
    permit.leave();
  }
}
