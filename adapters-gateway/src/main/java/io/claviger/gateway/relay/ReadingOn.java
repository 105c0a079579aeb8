package io.claviger.gateway.relay;

import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of an answer for a while after its caller has left, because answers usually end
 * with their usage. Under a strict budget, a call without stated usage costs everything that was
 * reserved. Meanwhile the call still counts as one of the caller's. Confined to the event loop of
 * the call.
 */
final class ReadingOn {
  private static final int MOST_SECONDS = 10;

  private final ProviderExchange provider;
  private final ConnectionPermit permit;
  private final Future<?> deadline;

  private ReadingOn(ProviderExchange provider, ConnectionPermit permit, Future<?> deadline) {
    this.provider = provider;
    this.permit = permit;
    this.deadline = deadline;
  }

  /**
   * Begins, unless the caller has too many calls. The call still counts as one of the caller's.
   *
   * @param late runs if the answer has not ended in time
   * @return null if the caller has too many calls
   */
  static @Nullable ReadingOn ifCounted(CallParts parts, Runnable late) {
    ConnectionPermit permit = parts.caller().staysCounted().orElse(null);
    return permit == null
        ? null
        : new ReadingOn(
            parts.provider(),
            permit,
            parts.caller().channel().eventLoop().schedule(late, MOST_SECONDS, TimeUnit.SECONDS));
  }

  /** Reads on. The answer may end before this returns. */
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
