package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import io.claviger.gateway.model.AnswerRoom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of an answer for a limited time after its caller has left. Answers usually state
 * the usage at their end, and they name the objects that the call has created. Under a strict
 * budget, a call whose usage is not stated costs everything that was reserved for it. While the
 * rest of the answer is read, the call still counts against two limits of its caller: as a
 * connection, and as a body that is buffered. The limits on connections are not enough, because
 * connections of a trusted proxy are not limited, and connections of calls that make batches are
 * limited only for all callers together. Only used on the event loop of the call.
 */
final class ReadingOn {
  private static final int MOST_SECONDS = 10;

  /**
   * The largest number of seconds for which the gateway reads on if the call makes a batch. If the
   * gateway did not read the batch's id, the batch would be charged with everything that was
   * reserved for it, and would have no holder.
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
   * Begins to read on, unless the caller already has too many calls. This call still counts as one
   * of the caller's calls. If the call makes a batch, only the node's limit on connections applies.
   *
   * @param late runs if the answer has not ended when the time limit is reached
   * @return null if the caller already has too many calls
   */
  static @Nullable ReadingOn ifCounted(CallParts parts, Runnable late) {
    AuthorizedCall given = parts.permission().call();
    boolean makesBatch = given.spending().batch().isPresent();
    AnswerRoom room = new AnswerRoom(parts.environment().bufferBudget(), given);
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

  /**
   * Begins to read the rest of the answer. The end of the answer may arrive before this method
   * returns.
   */
  void begin() {
    provider.readOn();
  }

  /** Ends the reading after the complete answer has arrived. */
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
