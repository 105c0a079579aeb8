package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import io.claviger.gateway.model.AnswerRoom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of an answer for a limited time after the caller has left. The rest is read
 * because answers usually state the usage at their end, because they name new objects, and because
 * they say whether an object has been deleted. Under a strict budget, a call without a stated usage
 * costs its whole reservation. While the gateway reads on, the call still counts as one of the
 * caller's connections and as one of the caller's buffered bodies. Limits on connections alone
 * would not be enough, because the connections of a trusted proxy are unlimited. A call that
 * creates a batch is an exception: only the node's limit on the connections of all callers applies
 * to such a call. Only used on the event loop of the call.
 */
final class ReadingOn {
  private static final int MOST_SECONDS = 10;

  /**
   * The maximum time, in seconds, for which the gateway reads on if the call creates a batch. If
   * the gateway did not read the batch's id, the batch would cost its whole reservation and have no
   * holder.
   */
  private static final int MOST_SECONDS_OF_BATCH = 120;

  private final ProviderExchange provider;
  private final AnswerRoom room;
  private final ConnectionPermit permit;
  private final Future<?> deadline;

  private ReadingOn(
      ProviderExchange provider, AnswerRoom room, ConnectionPermit permit, Future<?> deadline) {
    this.provider = provider;
    this.room = room;
    this.permit = permit;
    this.deadline = deadline;
  }

  /**
   * Prepares to read on, unless the caller already has too many calls. This call still counts as
   * one of the caller's calls. If this call creates a batch, only the node's limit on connections
   * applies.
   *
   * @param late an action that runs if the answer has not ended within the time limit
   * @return the object that reads on; null if the caller already has too many calls
   */
  static @Nullable ReadingOn ifCounted(CallParts parts, Runnable late) {
    AuthorizedCall given = parts.permission().call();
    boolean makesBatch = given.spending().batch().isPresent();
    AnswerRoom room = new AnswerRoom(parts.environment().buffering().budget(), given);
    ConnectionPermit permit =
        room.holds(1) ? parts.caller().staysCounted(makesBatch).orElse(null) : null;
    if (permit == null) {
      room.close();
      return null;
    }
    return new ReadingOn(
        parts.provider(),
        room,
        permit,
        parts
            .caller()
            .channel()
            .eventLoop()
            .schedule(late, makesBatch ? MOST_SECONDS_OF_BATCH : MOST_SECONDS, TimeUnit.SECONDS));
  }

  /** Begins to read the rest of the answer. The answer can end before this method returns. */
  void begin() {
    provider.readOn();
  }

  /** Stops reading after a complete answer. */
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
    room.close();
    permit.leave();
  }
}
