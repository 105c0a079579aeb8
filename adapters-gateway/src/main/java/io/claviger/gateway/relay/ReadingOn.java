package io.claviger.gateway.relay;

import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of an answer whose caller has left, for a while, because it usually ends with its
 * usage: under a strict budget, what is not stated costs all that was reserved. For that time the
 * call stays one of the caller's. Confined to the event loop of the call.
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
   * Keeps the call counted.
   *
   * @param late runs if the answer has not ended in time
   * @return null where the caller has too many calls
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

  /** The answer may end before this returns. */
  void begin() {
    provider.readOn();
  }

  /** The answer is complete. */
  void complete(boolean reusable) {
    stop();
    provider.end(reusable);
  }

  /** Nothing more is read. */
  void giveUp() {
    stop();
    provider.drop();
  }

  private void stop() {
    boolean unused = deadline.cancel(false);
    permit.leave();
  }
}
