package io.claviger.application.gateway;

import io.claviger.application.batches.BatchReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.SpendingDecision;
import io.claviger.application.budgets.SpendingRefusal;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.RequestedBatch;
import io.claviger.application.gateway.PaceLimiter.PaceDecision;
import io.claviger.application.gateway.RateLimiter.PermitDecision;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.PaceDemand;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Counts each call against all its limits, and reserves its expected use in all its budgets. If a
 * limit or budget is used up, counts and reserves nothing.
 *
 * <p>The call is counted in budgets first, then in limits on tokens per minute and on concurrent
 * calls, and finally in rate limits. Rate limits come last because their permits can't be returned
 * exactly, while all other reservations can. If a rate limit is known to be used up, the call is
 * refused before anything is reserved.
 */
public final class CallAdmission {
  private static final AdmissionDecision UNKNOWN = new AdmissionDecision.Unknown();
  private static final AdmissionDecision FREE = new AdmissionDecision.Admitted(CallSpending.NONE);
  private static final AdmissionDecision LATER =
      new AdmissionDecision.Admitted(CallSpending.NONE, false);

  /** A text that occurs in the path of every batch-creating operation. */
  private static final String BATCH = "batch";

  private final RateLimiter permits;
  private final PaceLimiter paces;
  private final CallBudgets budgets;
  private final BatchReservations batches;

  public CallAdmission(
      RateLimiter permits, PaceLimiter paces, CallBudgets budgets, BatchReservations batches) {
    this.permits = permits;
    this.paces = paces;
    this.budgets = budgets;
    this.batches = batches;
  }

  /** The decision whether a call may be made now. */
  sealed interface AdmissionDecision {
    /**
     * @param spending the reservation, which the receiver must settle after the call, or close if
     *     the call is not sent
     * @param isCounted whether the call was counted; if not, the receiver must request another
     *     decision before the call is sent
     */
    record Admitted(CallSpending spending, boolean isCounted) implements AdmissionDecision {
      Admitted(CallSpending spending) {
        this(spending, true);
      }

      /** Returns the given call together with the reservation that was made for it. */
      AuthorizedCall to(AuthorizedCall opened) {
        if (!isCounted) {
          return opened.uncounted();
        }
        return spending.equals(CallSpending.NONE)
            ? opened
            : opened.with(opened.readsUse(), spending);
      }
    }

    /** A decision that the call may not be made. */
    sealed interface Declined extends AdmissionDecision {}

    /**
     * @param perMinute the rate limit that is used up; empty if the caller must not know it
     */
    record RateExhausted(Duration retryAfter, OptionalInt perMinute) implements Declined {}

    /**
     * @param meter the used-up limit on tokens per minute or on concurrent calls
     */
    record PaceExhausted(Duration retryAfter, PaceMeter meter) implements Declined {}

    /**
     * @param meter a limit that is too small for this call
     */
    record TooLarge(PaceMeter meter) implements Declined {}

    record Refused(SpendingRefusal why) implements Declined {}

    record Unknown() implements AdmissionDecision {}
  }

  /** Decides about a call without querying the database. Never blocks. */
  AdmissionDecision admitAtOnce(CallRequest call, CallGrant grant) {
    return admit(call, grant, false);
  }

  /**
   * Decides about a call, and can query the database. Never answers {@link
   * AdmissionDecision.Unknown}.
   */
  AdmissionDecision admit(CallRequest call, CallGrant grant) {
    return admit(call, grant, true);
  }

  private AdmissionDecision admit(CallRequest call, CallGrant grant, boolean mayBlock) {
    if (call.stage() == CallRequest.Stage.CONNECTION) {
      return admitConnection(call, grant, mayBlock);
    }
    if (isCountedLater(call, grant)) {
      return usedUp(call, grant).orElse(LATER);
    }
    if (call.batch().isPresent()) {
      return mayBlock ? admitBatch(call, grant, call.batch().get()) : UNKNOWN;
    }
    if (!grant.spending().areNone() && makesBatch(call, grant)) {
      // Claviger does not know the use that this batch's requests ask for.
      return new AdmissionDecision.Refused(SpendingRefusal.ofUnreadBatch());
    }
    if (grant.spending().areNone()) {
      return take(call, grant, CallSpending.NONE, mayBlock);
    }
    Optional<AdmissionDecision> usedUp = usedUp(call, grant);
    if (usedUp.isPresent()) {
      return usedUp.get();
    }
    SpendingRequest request = new SpendingRequest(grant.spending(), use(call, grant));
    SpendingDecision decision =
        mayBlock ? budgets.reserve(request) : budgets.reserveAtOnce(request);
    return switch (decision) {
      case SpendingDecision.Refused refused -> new AdmissionDecision.Refused(refused.why());
      case SpendingDecision.Unknown unknown -> UNKNOWN;
      case SpendingDecision.Granted granted -> take(call, grant, granted.spending(), mayBlock);
    };
  }

  /**
   * Admits the opening of a WebSocket. The opening reserves nothing in budgets, but the WebSocket
   * is refused if a budget that counts requests is used up, because the WebSocket could not request
   * any response.
   */
  private AdmissionDecision admitConnection(CallRequest call, CallGrant grant, boolean mayBlock) {
    Optional<AdmissionDecision> usedUp = usedUp(call, grant);
    if (usedUp.isPresent()) {
      return usedUp.get();
    }
    if (!grant.spending().areNone() && !grant.spending().dependOnBody()) {
      SpendingRequest request = new SpendingRequest(grant.spending(), use(call, grant));
      switch (mayBlock ? budgets.reserve(request) : budgets.reserveAtOnce(request)) {
        case SpendingDecision.Refused refused -> {
          return new AdmissionDecision.Refused(refused.why());
        }
        case SpendingDecision.Unknown unknown -> {
          return UNKNOWN;
        }
        case SpendingDecision.Granted granted -> granted.spending().close();
      }
    }
    return take(call, grant, CallSpending.NONE, mayBlock);
  }

  /**
   * Admits the creation of a batch. The creation counts as one request against rate limits, even if
   * the batch has many requests.
   */
  private AdmissionDecision admitBatch(CallRequest call, CallGrant grant, RequestedBatch batch) {
    Optional<AdmissionDecision> usedUp = usedUp(call, grant);
    if (usedUp.isPresent()) {
      return usedUp.get();
    }
    BatchReservations.Decision decision =
        batches.reserve(
            grant.spending(),
            new BatchReservations.WantedBatch(
                grant.basis().account(),
                grant.source(),
                grant.basis().charging().accounts(),
                batch.verdict(),
                batch.input(),
                batch.longest()));
    return switch (decision) {
      case BatchReservations.Decision.Refused refused ->
          new AdmissionDecision.Refused(refused.why());
      case BatchReservations.Decision.Reserved reserved ->
          take(call, grant, reserved.spending(), true);
    };
  }

  /**
   * Returns the use that the body requests. If the body was not read or can't be parsed, the result
   * is {@link RequestedUse#nothing} for an operation that uses no tokens, and empty for any other
   * operation.
   */
  private static Optional<RequestedUse> use(CallRequest call, CallGrant grant) {
    SpendingRequest.Rules rules = grant.spending();
    ObeyedCaps caps = rules.provider().caps(grant.basis().destination().endpoint());
    Optional<RequestedUse> asked = call.use().at(caps, rules.areStrict());
    return asked.isEmpty() && OperationKind.of(call.method(), call.path()) == OperationKind.NOTHING
        ? Optional.of(RequestedUse.nothing(UsageModel.UNKNOWN))
        : asked;
  }

  /**
   * Whether the call is counted only when it can be sent. A call of which only the head has arrived
   * might still wait for its body, so it must not take permits yet. If it took permits, callers
   * could collect permits and then make all their calls at once.
   */
  private static boolean isCountedLater(CallRequest call, CallGrant grant) {
    return call.stage() == CallRequest.Stage.HEAD
        && (grant.isDecidedByBody() || grant.isLimited() || makesBatch(call, grant));
  }

  private static boolean makesBatch(CallRequest call, CallGrant grant) {
    if (!call.path().contains(BATCH) || grant.isolation().isEmpty()) {
      return false; // Most calls return here, without the search below.
    }
    return grant
        .access()
        .target()
        .standard()
        .objectCall(call.method(), call.path())
        .filter(found -> found.operation().makesBatch())
        .isPresent();
  }

  /** Returns a refusal if this node knows that a limit has too little left for the call. */
  private Optional<AdmissionDecision> usedUp(CallRequest call, CallGrant grant) {
    if (permits.peek(grant.meters()) instanceof PermitDecision.Exhausted exhausted) {
      return Optional.of(rate(exhausted));
    }
    List<PaceMeter> pace = pace(call, grant);
    return pace.isEmpty() ? Optional.empty() : paces.peek(pace).map(CallAdmission::pace);
  }

  /**
   * Returns the limits on tokens per minute and on concurrent calls against which a call counts. In
   * limits on concurrent calls, a response on a WebSocket uses the place that the WebSocket has
   * taken.
   */
  private static List<PaceMeter> pace(CallRequest call, CallGrant grant) {
    return call.stage() == CallRequest.Stage.RESPONSE
        ? grant.pace().stream().filter(meter -> meter.kind() != PaceKind.CONCURRENT).toList()
        : grant.pace();
  }

  /**
   * Counts the call against all limits. If a limit is used up, gives everything back that the call
   * has reserved in budgets.
   */
  private AdmissionDecision take(
      CallRequest call, CallGrant grant, CallSpending reserved, boolean mayBlock) {
    List<PaceMeter> pace = pace(call, grant);
    CallSpending taken = reserved;
    boolean isComplete = false;
    try {
      if (!pace.isEmpty()) {
        PaceDemand demand =
            reserved.estimate().map(CallEstimate::demand).orElse(PaceDemand.OF_NO_TOKENS);
        switch (mayBlock ? paces.take(pace, demand) : paces.takeAtOnce(pace, demand)) {
          case PaceDecision.Taken paced -> taken = new PacedSpending(reserved, paced.permit());
          case PaceDecision.Exhausted exhausted -> {
            return pace(exhausted);
          }
          case PaceDecision.TooLarge larger -> {
            return new AdmissionDecision.TooLarge(larger.meter());
          }
          case PaceDecision.Unknown unknown -> {
            return UNKNOWN;
          }
        }
      }
      PermitDecision permit =
          mayBlock ? permits.take(grant.meters()) : permits.takeAtOnce(grant.meters());
      if (permit instanceof PermitDecision.Taken) {
        isComplete = true;
        return taken.equals(CallSpending.NONE) ? FREE : new AdmissionDecision.Admitted(taken);
      }
      return permit instanceof PermitDecision.Exhausted exhausted ? rate(exhausted) : UNKNOWN;
    } finally {
      if (!isComplete) {
        taken.close();
      }
    }
  }

  /**
   * Takes the given number of further permits from each rate limit. If any rate limit has too few
   * permits, takes none. This method can query the database.
   */
  Optional<AdmissionDecision.RateExhausted> further(CallGrant grant, int more) {
    return permits.take(grant.meters(), more) instanceof PermitDecision.Exhausted exhausted
        ? Optional.of(rate(exhausted))
        : Optional.empty();
  }

  private static AdmissionDecision.RateExhausted rate(PermitDecision.Exhausted exhausted) {
    return new AdmissionDecision.RateExhausted(exhausted.retryAfter(), exhausted.perMinute());
  }

  private static AdmissionDecision pace(PaceDecision.Exhausted exhausted) {
    return new AdmissionDecision.PaceExhausted(exhausted.retryAfter(), exhausted.meter());
  }
}
