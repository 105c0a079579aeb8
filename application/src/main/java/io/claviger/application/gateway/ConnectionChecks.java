package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tries whether a service answers with the key that a call of the caller's, by their own role,
 * would use. Calls the provider once, with nothing of anybody's content; its answer is not passed
 * on.
 *
 * <p>A check is a call like any other: it is made within the caller's limits, counts against them,
 * and stands in the usage. Besides, no service is checked more than {@link #PER_MINUTE} times in
 * any 60 seconds, whoever asks.
 */
public interface ConnectionChecks {
  static ConnectionChecks of(
      CallContexts contexts,
      CallKeys keys,
      ProviderProbe probe,
      RateLimiter permits,
      UsageCounter usage,
      AuditedChanges changes) {
    return new LimitedConnectionChecks(contexts, keys, probe, permits, usage, changes);
  }

  /** How long one check may take. A service's own shorter timeout holds too. */
  Duration EACH = Duration.ofSeconds(10);

  /** How long all checks of a user's services may take together. */
  Duration ALL = Duration.ofSeconds(30);

  /** How often a service is checked in any 60 seconds, for all users and on all nodes together. */
  int PER_MINUTE = 6;

  Outcome check(Actor actor, InstanceRef ref);

  /**
   * Checks all services that the caller can use, side by side, by owner and handle. What is not
   * reached within {@link #ALL} is said to be {@link ConnectionStatus#TIMEOUT}; what limits do not
   * let the caller check is an {@link ConnectionStatus#ERROR} that says so.
   *
   * @param user the caller's own handle; another's is not found
   */
  ListOutcome checkAll(Actor actor, Handle user);

  /**
   * What came of one check.
   *
   * @param reason why a call would find no key, with {@link ConnectionStatus#NO_KEY}
   * @param beyondLimits why limits did not let the provider be called
   * @param destinationNotAllowed whether the gateway does not connect to where the service is
   * @param httpStatus of the provider's answer, where there was one
   * @param latency until the provider's answer began or failed to; empty where it was not called
   */
  record Check(
      InstanceRef service,
      ConnectionStatus status,
      Optional<NoKeyReason> reason,
      Optional<CallRefusal> beyondLimits,
      OptionalInt httpStatus,
      Optional<Duration> latency,
      Instant checkedAt,
      boolean destinationNotAllowed) {
    /** A check of a service that the gateway connects to. */
    public Check(
        InstanceRef service,
        ConnectionStatus status,
        Optional<NoKeyReason> reason,
        Optional<CallRefusal> beyondLimits,
        OptionalInt httpStatus,
        Optional<Duration> latency,
        Instant checkedAt) {
      this(service, status, reason, beyondLimits, httpStatus, latency, checkedAt, false);
    }
  }

  /** The check of one service, or why none was made. */
  sealed interface Outcome {
    record Checked(Check check) implements Outcome {}

    /**
     * As many calls or checks as may be were made, or are under way.
     *
     * @param perMinute the rate that is used up
     */
    record Limited(Duration retryAfter, OptionalInt perMinute) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** The checks of all, or why none were made. */
  sealed interface ListOutcome {
    record Checked(List<Check> checks) implements ListOutcome {
      public Checked {
        checks = List.copyOf(checks);
      }
    }

    /** As many requests of the caller's as may be are under way. */
    record Limited(Duration retryAfter) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
