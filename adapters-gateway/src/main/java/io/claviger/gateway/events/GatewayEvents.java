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
 * Receives the events of the gateway, to count them. The methods are called on event loops, so a
 * receiver must not block.
 */
public interface GatewayEvents {
  /**
   * Called when a call begins. Returns the trace of the call, or null if calls are not traced.
   *
   * @param path a function that returns the path after the name of the service or project, without
   *     the query
   * @param header a function that returns the value of the header with a given name; null if the
   *     request has no such header
   */
  default @Nullable CallTrace callBegun(
      Supplier<String> path, Function<String, @Nullable String> header) {
    return null;
  }

  /** Called once for every request whose head could be read. */
  void callFinished(FinishedCall call);

  /**
   * Called when a call was refused or broken off because the database did not answer within the
   * time limit, or because this node was too busy to take the answer in time.
   */
  default void callUndecided() {}

  /**
   * Called after the provider has refused an attempt to send a call, before the gateway sends the
   * call again. The refused attempt counts as a request.
   */
  default void attemptRefused(RecordedUse used) {}

  /**
   * Whether the receiver wants a description of a call that has just ended. Asked once for each
   * call, because describing a call takes time.
   *
   * @param authorized whether the caller was permitted to make the call
   * @param failed whether the caller got an error or an incomplete answer
   */
  default boolean wantsDescription(boolean authorized, boolean failed) {
    return false;
  }

  /** Describes a call that has ended. Only called if {@link #wantsDescription} returned true. */
  default void callDescribed(CallDescription call) {}

  /**
   * Called when the provider rejected the key of a call. A rejection is reported even if the call
   * then succeeds at another target, and one rejection can be reported twice.
   *
   * @param status the status of the provider's answer
   */
  default void keyRejected(AuthorizationBasis call, int status) {}

  /** Called when a call could not be sent because no connection to its provider could be opened. */
  default void providerUnreachable(AuthorizationBasis call) {}

  /** Called when the provider answered a call, with any status. */
  default void providerAnswered(AuthorizationBasis call) {}

  /**
   * Called when the provider answered a call without an error, which shows that the provider
   * accepts the key.
   */
  default void keyAccepted(AuthorizationBasis call) {}

  /** Called when a call stops waiting for its turn within the limits of the provider's account. */
  default void turnAwaited(CapacityTerms terms, Duration waited) {}

  /**
   * Called when a call was refused because the limits of the provider's account did not allow the
   * gateway to send the call in time.
   */
  default void turnRefused(CapacityTerms terms) {}

  /**
   * Called when the provider answered with status 429 to a call that uses a lent key, because this
   * key is used too often. The gateway may send the call again, so the caller might never see this
   * status.
   */
  default void rateLimitedByProvider(CapacityTerms terms) {}

  /**
   * Called when a caller has opened a WebSocket, which means that the gateway has answered the
   * handshake.
   */
  default void webSocketOpened() {}

  /** Called after every {@link #webSocketOpened}, when the WebSocket has ended. */
  default void webSocketEnded(EndedWebSocket ended) {}

  /**
   * Called when the gateway has sent the head of a provider's answer to the caller. The body of the
   * answer follows.
   */
  default void answerBegun() {}

  /**
   * Called once after every {@link #answerBegun}, when the answer is complete or was broken off.
   */
  default void answerOver() {}

  default void callerConnected() {}

  default void callerDisconnected() {}

  /** Called when a connection was closed because there were too many connections. */
  default void connectionRefused(Bound bound) {}

  /**
   * A WebSocket that has ended.
   *
   * @param why a short word that says who closed the WebSocket, or the code of the error that ended
   *     it
   * @param open the time for which the WebSocket was open
   * @param messages the number of messages that were received from the caller and the provider
   *     together
   * @param responses the number of responses that the caller requested on the WebSocket
   */
  record EndedWebSocket(String why, Duration open, long messages, long responses) {}

  /**
   * The limit on connections that was exceeded. Each value also determines which connection was
   * closed.
   */
  enum Bound {
    /** Too many connections came from one address. The new connection was closed. */
    ADDRESS,
    /**
     * There were too many connections in all. The connection that had been idle longest was closed.
     */
    IDLE,
    /**
     * There were too many connections in all, and every older connection was serving a call. The
     * new connection was closed.
     */
    ALL
  }

  /**
   * @param format the format of the service; empty if the call was refused before the format was
   *     known
   * @param status the status that the caller got; 499 if the caller left before the answer arrived
   * @param code the error code with which the gateway answered the call or broke off the provider's
   *     answer; empty if there was no such error
   * @param providerNanos the time from sending the request to the provider to the last byte of the
   *     provider's answer
   * @param addedNanos the time between request and answer that is counted neither in {@code
   *     providerNanos} nor in {@code waitedNanos}
   * @param waitedNanos the time for which the call waited for its turn, in nanoseconds
   * @param used the usage of the call, and the charged account; present if the gateway sent a
   *     request to the provider, or refused the call because of its model
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
   * The usage of a call, with its model and the charged account.
   *
   * @param charged the charge for the call; empty if the call was refused
   */
  record RecordedUse(
      UsageAccount account,
      KeySource source,
      UsageModel model,
      UsageCounts counts,
      Optional<ChargedCall> charged) {}
}
