package io.claviger.gateway.events;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.usage.ChargedCall;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Receives what happens in the gateway, to count it. Called on event loops, so a receiver must not
 * block.
 */
public interface GatewayEvents {
  /**
   * A call begins. Returns its trace, or null if calls are not traced.
   *
   * @param path below the service, without a query
   * @param header finds the value of a header of the caller's request; null if it has none
   */
  default @Nullable CallTrace callBegun(
      Supplier<String> path, Function<String, @Nullable String> header) {
    return null;
  }

  /** Called once for every request whose head could be read. */
  void callFinished(FinishedCall call);

  /** A call was refused or broken off, because the database did not answer in time. */
  default void callUndecided() {}

  /** The provider refused an attempt of a call, which is made once more. It counts as a request. */
  default void attemptRefused(RecordedUse used) {}

  /**
   * Whether a call that has just ended is to be described. Asked once for each, because to describe
   * all of them may cost more than it is worth.
   *
   * @param authorized whether the caller was permitted to make it
   * @param failed whether the caller got an error, or an answer that was broken off
   */
  default boolean wantsDescription(boolean authorized, boolean failed) {
    return false;
  }

  /** Describes a call that has ended. Only called if {@link #wantsDescription} returned true. */
  default void callDescribed(CallDescription call) {}

  /**
   * The provider rejected the key of a call. This is reported even if another target then answers
   * the call, and may be reported twice for one answer.
   *
   * @param status the status of the provider's answer
   */
  default void keyRejected(AuthorizationBasis call, int status) {}

  /** A call got no connection to its provider. */
  default void providerUnreachable(AuthorizationBasis call) {}

  /** The provider answered a call, whatever it answered. */
  default void providerAnswered(AuthorizationBasis call) {}

  /** The provider answered a call without an error, so it accepts the key. */
  default void keyAccepted(AuthorizationBasis call) {}

  /** A call has waited for its turn at what the provider allows, and waits no longer. */
  default void turnAwaited(CapacityTerms terms, Duration waited) {}

  /** A call was refused because nothing of what the provider allows was left in time. */
  default void turnRefused(CapacityTerms terms) {}

  /**
   * The provider answered 429 to a call by a lent key, for the pace of the account. Its caller may
   * learn nothing of it.
   */
  default void rateLimitedByProvider(CapacityTerms terms) {}

  /** A WebSocket of a caller is open: its handshake is answered. */
  default void webSocketOpened() {}

  /** Follows every {@link #webSocketOpened}. */
  default void webSocketEnded(EndedWebSocket ended) {}

  /** The head of a provider's answer was sent to the caller. Its body follows. */
  void answerBegun();

  /** Follows every {@link #answerBegun}, however the answer ended. */
  void answerOver();

  void callerConnected();

  void callerDisconnected();

  /** A connection was closed because there are too many. */
  void connectionRefused(Bound bound);

  /**
   * A WebSocket that has ended.
   *
   * @param why one of a few words: who closed it, or the code of the error that ended it
   * @param open for how long it was open
   * @param messages how many came, from either side
   * @param responses how many were asked for
   */
  record EndedWebSocket(String why, Duration open, long messages, long responses) {}

  /** Which bound on connections was reached, and which connection was closed for it. */
  enum Bound {
    /** There are too many from one address: the new connection was closed. */
    ADDRESS,
    /** There are too many in all: the connection that had been idle for longest was closed. */
    IDLE,
    /**
     * There are too many in all, and every other connection has a call: the new connection was
     * closed.
     */
    ALL
  }

  /**
   * @param format the format of the service; empty when the call was refused before it was known
   * @param status the status that the caller got; 499 when the caller left before the answer
   * @param code why the gateway itself answered with an error, or broke an answer off
   * @param providerNanos from sending the request to the last byte of the answer
   * @param addedNanos the rest of the time between request and answer
   * @param waitedNanos for how long the call waited for its turn
   * @param used how much was used, and on whose account; empty if no request was sent, unless the
   *     call was refused for its model
   */
  record FinishedCall(
      Optional<WireFormat> format,
      int status,
      Optional<KeySource> source,
      Optional<String> code,
      long providerNanos,
      long addedNanos,
      long waitedNanos,
      Optional<RecordedUse> used) {}

  /**
   * What a call used, and of which model.
   *
   * @param charged how it is charged; empty if it was refused
   */
  record RecordedUse(
      UsageAccount account,
      KeySource source,
      UsageModel model,
      UsageCounts counts,
      Optional<ChargedCall> charged) {}

  static GatewayEvents ignored() {
    return new GatewayEvents() {
      @Override
      public void callFinished(FinishedCall call) {}

      @Override
      public void answerBegun() {}

      @Override
      public void answerOver() {}

      @Override
      public void callerConnected() {}

      @Override
      public void callerDisconnected() {}

      @Override
      public void connectionRefused(Bound bound) {}
    };
  }
}
