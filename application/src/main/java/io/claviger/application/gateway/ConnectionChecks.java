package io.claviger.application.gateway;

import io.claviger.application.credentials.CredentialFailure;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Checks whether a service answers with the key that the caller's own call would use. A check calls
 * the provider once, without any user's content. The provider's response is not returned. If the
 * provider answers, its list of models might be read next. See {@link PassedChecks}.
 *
 * <p>A check is authorized, limited and counted like any other call. The check counts as one
 * request, both against the caller's limits and in the usage. In addition, all users together can
 * check a service at most {@link #PER_MINUTE} times within 60 seconds.
 */
public interface ConnectionChecks {
  /**
   * @param passed reads further data, such as the list of models, from a provider that has just
   *     answered a check
   */
  static ConnectionChecks of(
      CallContexts contexts,
      CallKeys keys,
      ProviderProbe probe,
      PassedChecks passed,
      RateLimiter permits,
      UsageCounter usage,
      AuditedChanges changes) {
    return new LimitedConnectionChecks(contexts, keys, probe, passed, permits, usage, changes);
  }

  /**
   * The time limit of a check. If the service has a shorter timeout, the shorter timeout applies.
   */
  Duration EACH = Duration.ofSeconds(10);

  /** The time limit for all checks of a user's services together. */
  Duration ALL = Duration.ofSeconds(30);

  /**
   * The maximum number of checks of a service within 60 seconds, by all users on all nodes
   * together.
   */
  int PER_MINUTE = 6;

  /**
   * Checks a service. The answer is {@code not_found} if the caller can't see the service, and
   * {@code forbidden} if the caller may see it but not call it.
   */
  CheckOutcome check(Actor actor, Instance.Ref ref);

  /**
   * Checks all services that the caller can use. The checks run at the same time. Returns the
   * results ordered by the services' owners and handles. A service that was not checked within
   * {@link #ALL} is reported as {@link ConnectionStatus#TIMEOUT}. If limits do not allow a
   * service's check, the service is reported as {@link ConnectionStatus#ERROR} with the reason.
   *
   * @param user the caller's own handle; for any other handle, the answer is {@code not_found}
   */
  ListOutcome checkAll(Actor actor, Handle user);

  /**
   * The result of a check.
   *
   * @param reason why no key can be used; can be present only if the status is {@link
   *     ConnectionStatus#NO_KEY}
   * @param beyondLimits the limit that prevented the call of the provider; empty if the provider
   *     was called
   * @param destinationNotAllowed whether the gateway must not connect to the service's endpoint
   * @param httpStatus the status of the provider's answer, if any
   * @param latency the time until the provider's answer began or the attempt failed; empty if the
   *     provider was not called
   * @param withoutToken why the service has no token for the call; empty if it needs none or has
   *     one
   * @param steps the steps in which the token was made, and the call as the last step; empty if the
   *     service needs no token
   * @param clockOff the time by which the provider's clock is ahead of this node's clock; empty if
   *     the provider stated no time
   */
  record ConnectionCheck(
      Instance.Ref service,
      ConnectionStatus status,
      Optional<NoKeyReason> reason,
      Optional<CallRefusal> beyondLimits,
      OptionalInt httpStatus,
      Optional<Duration> latency,
      Instant checkedAt,
      boolean destinationNotAllowed,
      Optional<CredentialFailure> withoutToken,
      List<CheckStep> steps,
      Optional<Duration> clockOff) {
    /** The name of the step in which a check calls the provider. */
    private static final String CALL = "call";

    /**
     * If the clocks of the provider and of this node differ by at least this time, the provider
     * might reject this node's signatures.
     */
    private static final Duration NOTABLE = Duration.ofMinutes(1);

    public ConnectionCheck {
      steps = List.copyOf(steps);
    }

    /** Returns the result of a check that did not call the provider. */
    static ConnectionCheck uncalled(
        Instance.Ref service,
        ConnectionStatus status,
        Optional<NoKeyReason> reason,
        Optional<CallRefusal> beyondLimits,
        Instant checkedAt) {
      return new ConnectionCheck(
          service,
          status,
          reason,
          beyondLimits,
          OptionalInt.empty(),
          Optional.empty(),
          checkedAt,
          false,
          Optional.empty(),
          List.of(),
          Optional.empty());
    }

    /**
     * Returns the result of calling the provider: the provider's answer, or the reason why there is
     * no answer.
     */
    static ConnectionCheck of(
        Instance.Ref service, ProviderProbe.Probed probed, Instant checkedAt) {
      return new ConnectionCheck(
          service,
          probed.status(),
          Optional.empty(),
          Optional.empty(),
          probed.httpStatus(),
          Optional.of(probed.latency()),
          checkedAt,
          probed.notAllowed(),
          Optional.empty(),
          List.of(),
          probed.date().map(theirs -> Duration.between(checkedAt, theirs)));
    }

    /**
     * Returns the result of a check that did not call the provider because the service has no
     * token.
     */
    static ConnectionCheck without(Instance.Ref service, CredentialFailure why, Instant checkedAt) {
      return new ConnectionCheck(
          service,
          ConnectionStatus.NO_KEY,
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          checkedAt,
          false,
          Optional.of(why),
          why.steps(),
          Optional.empty());
    }

    /**
     * Returns this result, with the steps in which the token was made, followed by the call as the
     * last step.
     */
    ConnectionCheck after(List<CheckStep> minted) {
      boolean isOk = status == ConnectionStatus.OK;
      List<CheckStep> all = new ArrayList<>(minted);
      all.add(
          new CheckStep(
              CALL,
              isOk,
              isOk
                  ? "The provider answers and accepts the token."
                  : "The provider was called with the token: "
                      + status.wireName()
                      + (httpStatus.isPresent() ? " (" + httpStatus.getAsInt() + ")" : "")
                      + "."
                      + clock()));
      return with(all);
    }

    /**
     * Returns this result for users who may not see the service's credential. Replaces the details
     * of successful steps, because these details name accounts and roles.
     */
    ConnectionCheck withoutCredential() {
      return with(
          steps.stream()
              .map(
                  each ->
                      each.ok() && !each.step().equals(CALL)
                          ? new CheckStep(each.step(), true, "Done.")
                          : each)
              .toList());
    }

    private ConnectionCheck with(List<CheckStep> otherSteps) {
      return new ConnectionCheck(
          service,
          status,
          reason,
          beyondLimits,
          httpStatus,
          latency,
          checkedAt,
          destinationNotAllowed,
          withoutToken,
          otherSteps,
          clockOff);
    }

    /**
     * Returns a text about the difference between the provider's clock and this node's clock. If
     * this node's clock is wrong, the node signs tokens that might be expired or not yet valid by
     * the provider's clock.
     */
    private String clock() {
      Duration off = clockOff.orElse(Duration.ZERO);
      return off.abs().compareTo(NOTABLE) < 0
          ? ""
          : " This node's clock is %,d seconds %s that of the provider: set it right."
              .formatted(off.abs().toSeconds(), off.isNegative() ? "ahead of" : "behind");
    }
  }

  /** The result of a request for a check. */
  sealed interface CheckOutcome {
    record Checked(ConnectionCheck check) implements CheckOutcome {}

    /**
     * The limit on the number of calls or checks is used up.
     *
     * @param perMinute the rate limit that is used up
     */
    record Limited(Duration retryAfter, OptionalInt perMinute) implements CheckOutcome {}

    record Refused(Refusal why) implements CheckOutcome {}
  }

  /** The result of a request for all checks. */
  sealed interface ListOutcome {
    record Checked(List<ConnectionCheck> checks) implements ListOutcome {
      public Checked {
        checks = List.copyOf(checks);
      }
    }

    /** The caller already has the maximum number of running requests. */
    record Limited(Duration retryAfter) implements ListOutcome {}

    record Refused(Refusal why) implements ListOutcome {}
  }
}
