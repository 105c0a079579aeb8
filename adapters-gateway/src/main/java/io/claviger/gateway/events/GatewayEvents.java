package io.claviger.gateway.events;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import java.util.Optional;

/**
 * What happens in the gateway, for whoever counts it. Told on event loops: a receiver must not
 * block.
 */
public interface GatewayEvents {
  /** Once for every request that got as far as a readable head. */
  void callFinished(FinishedCall call);

  /** An answer's head has gone to the caller, its body is under way. */
  void answerBegun();

  /** Follows every {@link #answerBegun}, however the answer ended. */
  void answerOver();

  void callerConnected();

  void callerDisconnected();

  /** A connection was closed because there are too many. */
  void connectionRefused(Bound bound);

  /** Which bound on connections was reached, and which connection was closed for it. */
  enum Bound {
    /** Of one address: the new connection was closed. */
    ADDRESS,
    /** In all: the connection that had been idle for longest was closed. */
    IDLE,
    /** In all, with calls under way on every other: the new connection was closed. */
    ALL
  }

  /**
   * @param format of the service; empty when the call was refused before it was known
   * @param status as the caller got it; 499 when they went away before an answer
   * @param code why the gateway itself answered with an error, or broke an answer off
   * @param providerNanos from the request's going out to the answer's last byte
   * @param addedNanos the rest of the time between request and answer
   * @param used on whose account how much; empty when nothing went out to the provider
   */
  record FinishedCall(
      Optional<WireFormat> format,
      int status,
      Optional<KeySource> source,
      Optional<String> code,
      long providerNanos,
      long addedNanos,
      Optional<Used> used) {}

  /** What a call used. */
  record Used(UsageAccount account, KeySource source, UsageCounts counts) {}

  /** For whoever does not count. */
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
