package io.claviger.application.budgets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.budgets.SpendingDecision.Granted;
import io.claviger.application.budgets.SpendingDecision.Refused;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TransientFailure;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallEstimate.Bound;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reserves the possible usage of a call from all budgets that the call is charged to, and charges
 * the actual usage after the call. Methods that query the database throw {@link StoreUnavailable}
 * if it does not answer.
 */
public final class CallBudgets {
  /** The maximum number of pairs of a service and a model whose earlier usage is remembered. */
  private static final int MOST_OBSERVED = 2_000;

  /** The maximum number of refused calls that wait to be counted in the database. */
  static final int MOST_COUNTING = 1_000;

  private static final SpendingDecision UNKNOWN = new SpendingDecision.Unknown();
  private static final SpendingDecision FREE = new Granted(CallSpending.NONE);

  private final PriceBook prices;
  private final BudgetReservations reservations;
  private final LongSupplier nanos;
  private final Semaphore counting = new Semaphore(MOST_COUNTING);
  private final Cache<PricedModel, ModelObservation> observed =
      Caffeine.newBuilder().maximumSize(MOST_OBSERVED).build();

  public CallBudgets(PriceBook prices, BudgetReservations reservations, LongSupplier nanos) {
    this.prices = prices;
    this.reservations = reservations;
    this.nanos = nanos;
  }

  /**
   * Reserves the needed amount from all budgets, or nothing if any budget has too little left. Does
   * not query the database and never blocks.
   */
  public SpendingDecision reserveAtOnce(SpendingRequest call) {
    return decide(call, false);
  }

  /**
   * Reserves the needed amount from all budgets, or nothing if any budget has too little left. This
   * method can query the database. Never answers {@link SpendingDecision.Unknown}.
   */
  public SpendingDecision reserve(SpendingRequest call) {
    return decide(call, true);
  }

  /**
   * Opens the current window of each group account whose current window is missing. Queries the
   * database.
   */
  public void open(List<BudgetDemand> wanted) {
    reservations.open(wanted.stream().map(each -> each.meter().charged()).toList());
  }

  /**
   * Returns the refusal if one of the given budgets has nothing left for further calls. Queries the
   * database. Reserves nothing.
   *
   * @return empty if every budget has something left
   */
  public Optional<SpendingRefusal> usedUp(List<BudgetMeter> meters) {
    return switch (decided(ofEach(meters, Optional.empty()))) {
      case ReserveDecision.Reserved reserved -> {
        reserved.reservation().close();
        yield Optional.empty();
      }
      case ReserveDecision.Exhausted exhausted ->
          Optional.of(SpendingRefusal.of(exhausted, Optional.empty(), OptionalLong.empty()));
      case ReserveDecision.Unknown unknown -> Optional.empty();
    };
  }

  /**
   * Finds the requested model if one of the given budgets refuses the model because it has no
   * price. Queries the database.
   *
   * @param asked the requested model; if empty, the service's configured model
   * @return empty if no budget counts dollars, or if the model has a price
   */
  public Optional<ModelName> withoutPrice(
      List<BudgetMeter> meters, Instance.Id service, Provider provider, Optional<ModelName> asked) {
    if (meters.stream().noneMatch(meter -> meter.budget().refusesUnpriced())) {
      return Optional.empty();
    }
    return asked
        .or(() -> prices.modelOf(service))
        .filter(model -> !hasPrice(PricedModel.of(service, provider, model)));
  }

  private boolean hasPrice(PricedModel model) {
    return prices.find(model).forService().isPresent();
  }

  private static List<BudgetDemand> ofEach(List<BudgetMeter> meters, Optional<User.Id> caller) {
    return meters.stream().map(meter -> new BudgetDemand(meter, 1, caller)).toList();
  }

  private SpendingDecision decide(SpendingRequest call, boolean mayBlock) {
    SpendingRequest.Rules rules = call.rules();
    if (rules.areNone()) {
      return FREE;
    }
    if (!rules.dependOnBody()) {
      return reserved(ofEach(rules.meters(), Optional.of(rules.caller())), call, null, mayBlock);
    }
    if (call.use().isEmpty()) {
      return new Refused(SpendingRefusal.notReadable());
    }
    RequestedUse use = call.use().get();
    Optional<SpendingRefusal> tooLong = beyond(rules.maxOutput(), use);
    if (tooLong.isPresent()) {
      return new Refused(tooLong.get());
    }
    PricedModel model = call.pricedModel();
    Optional<CallPrices> known = pricesOf(model, mayBlock);
    Optional<List<CallEstimate>> others = ofOthers(call, use, mayBlock);
    return known.isEmpty() || others.isEmpty()
        ? UNKNOWN
        : decide(call, estimate(call, model, use, known.get(), others.get()), mayBlock);
  }

  /**
   * Returns the possible usage of the other models that the request names. Empty if this usage
   * can't be known without a query of the database.
   */
  private Optional<List<CallEstimate>> ofOthers(
      SpendingRequest call, RequestedUse use, boolean mayBlock) {
    if (use.others().isEmpty()) {
      return Optional.of(List.of());
    }
    List<CallEstimate> estimates = new ArrayList<>(use.others().size());
    for (UsageModel other : use.others()) {
      PricedModel model = call.priced(other);
      Optional<CallPrices> known = pricesOf(model, mayBlock);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      estimates.add(estimate(call, model, use.ofOther(other), known.get(), List.of()).estimate());
    }
    return Optional.of(estimates);
  }

  private static Optional<SpendingRefusal> beyond(OptionalInt most, RequestedUse use) {
    return most.isPresent() && use.statedOutputInAll().orElse(Long.MAX_VALUE) > most.getAsInt()
        ? Optional.of(SpendingRefusal.ofOutput(use, most.getAsInt()))
        : Optional.empty();
  }

  private Optional<CallPrices> pricesOf(PricedModel model, boolean mayBlock) {
    return mayBlock ? Optional.of(prices.find(model)) : prices.findAtOnce(model);
  }

  private Estimated estimate(
      SpendingRequest call,
      PricedModel model,
      RequestedUse use,
      CallPrices known,
      List<CallEstimate> others) {
    ModelObservation before = observed.getIfPresent(model);
    User.Id caller = call.rules().caller();
    ObservedUse expected = expected(caller, before);
    CallEstimate estimate = new CallEstimate(use, known, expected, others);
    return new Estimated(model, caller, before, estimate, estimate.bounds(), OptionalLong.empty());
  }

  /** Returns the expected usage of a caller's requests to a model, based on earlier calls. */
  public ObservedUse expected(User.Id caller, PricedModel model) {
    return expected(caller, observed.getIfPresent(model));
  }

  private ObservedUse expected(User.Id caller, @Nullable ModelObservation before) {
    return before == null ? ObservedUse.NONE : before.expected(caller, nanos.getAsLong());
  }

  private SpendingDecision decide(SpendingRequest call, Estimated estimated, boolean mayBlock) {
    CallEstimate estimate = estimated.estimate();
    List<BudgetMeter> meters = call.rules().meters();
    List<BudgetDemand> wanted = new ArrayList<>(meters.size());
    for (BudgetMeter meter : meters) {
      switch (estimate.reservationFor(meter)) {
        case Bound.Of bound -> {
          if (bound.amount() > 0) {
            wanted.add(demand(meter, bound.amount(), estimated, wanted));
          }
        }
        case Bound.Missing missing -> {
          return new Refused(SpendingRefusal.of(missing.why(), estimate.use()));
        }
      }
    }
    return reserved(wanted, call, estimated, mayBlock);
  }

  /**
   * Returns the amount that the call has to reserve from a budget. The highest possible cost of the
   * call is computed once for all budgets with the same unit and prices. Further models in the call
   * have their own prices.
   */
  private static BudgetDemand demand(
      BudgetMeter meter, long amount, Estimated estimated, List<BudgetDemand> before) {
    Optional<User.Id> caller =
        before.isEmpty() ? Optional.of(estimated.caller()) : before.getLast().caller();
    if (meter.budget().bound() == BudgetBound.STRICT) {
      return new BudgetDemand(meter, amount, caller);
    }
    CallEstimate estimate = estimated.estimate();
    if (!before.isEmpty() && estimate.prices().areAlike() && estimate.others().isEmpty()) {
      Budget last = before.getLast().meter().budget();
      if (last.unit() == meter.budget().unit() && last.bound() == BudgetBound.MEASURED) {
        return new BudgetDemand(meter, amount, before.getLast().most(), caller);
      }
    }
    return new BudgetDemand(meter, amount, estimate.mostFor(meter, estimated.bounds()), caller);
  }

  /**
   * @throws StoreUnavailable when the database does not answer, or when another transaction keeps
   *     one of the budgets locked
   */
  private ReserveDecision decided(List<BudgetDemand> wanted) {
    try {
      return reservations.reserve(wanted);
    } catch (ConcurrencyConflict e) {
      throw new StoreUnavailable(e);
    }
  }

  private SpendingDecision reserved(
      List<BudgetDemand> wanted,
      SpendingRequest call,
      @Nullable Estimated estimated,
      boolean mayBlock) {
    ReserveDecision decision = mayBlock ? decided(wanted) : reservations.reserveAtOnce(wanted);
    return switch (decision) {
      case ReserveDecision.Reserved reserved ->
          new Granted(new Spending(reserved.reservation(), call.rules(), estimated));
      case ReserveDecision.Exhausted exhausted ->
          onGuess(exhausted, call, estimated, mayBlock)
              .orElseGet(() -> new Refused(exhausted(exhausted, call, estimated)));
      case ReserveDecision.Unknown unknown -> UNKNOWN;
    };
  }

  /**
   * The estimate from a caller's earlier calls might not fit into the budgets, although the guess
   * that is used for unknown callers fits. Every few seconds, one such call is admitted with the
   * guess. The usage of this call replaces the earlier observations.
   */
  private Optional<SpendingDecision> onGuess(
      ReserveDecision.Exhausted exhausted,
      SpendingRequest call,
      @Nullable Estimated estimated,
      boolean mayBlock) {
    if (estimated == null || estimated.probedAt().isPresent() || exhausted.left() <= 0) {
      return Optional.empty();
    }
    ModelObservation before = estimated.before();
    long now = nanos.getAsLong();
    CallEstimate guess = estimated.estimate().guessed();
    boolean fits =
        guess.amountFor(exhausted.meter()) instanceof Bound.Of bound
            && bound.amount() <= exhausted.left();
    if (before == null || !fits || !before.takeProbe(estimated.caller(), now)) {
      return Optional.empty();
    }
    boolean isGranted = false;
    try {
      SpendingDecision decision =
          decide(
              call,
              new Estimated(
                  estimated.model(),
                  estimated.caller(),
                  before,
                  guess,
                  estimated.bounds(),
                  OptionalLong.of(now)),
              mayBlock);
      isGranted = decision instanceof Granted;
      return decision instanceof Refused ? Optional.empty() : Optional.of(decision);
    } finally {
      if (!isGranted) {
        before.returnProbe(estimated.caller(), now);
      }
    }
  }

  private static SpendingRefusal exhausted(
      ReserveDecision.Exhausted exhausted, SpendingRequest call, @Nullable Estimated estimated) {
    OptionalLong fits =
        estimated == null
            ? OptionalLong.empty()
            : estimated.estimate().largestOutputWithin(exhausted.meter(), exhausted.left());
    return SpendingRefusal.of(exhausted, call.use(), fits);
  }

  /**
   * The expected usage of a call.
   *
   * @param before the usage of the model's earlier calls; null if unknown
   * @param bounds the maximum usage of the call
   * @param probedAt when the call took its caller's turn to be sent on a guess, in nanoseconds; the
   *     estimate is then a guess that ignores earlier calls. Empty for all other calls
   */
  private record Estimated(
      PricedModel model,
      User.Id caller,
      @Nullable ModelObservation before,
      CallEstimate estimate,
      UseBounds bounds,
      OptionalLong probedAt) {

    /**
     * Lets another call of the caller be sent on a guess, because this call was not sent. Not
     * called if the call's reservation was returned for another target: it is then not known here
     * whether the first target got the call.
     */
    void returnProbe() {
      if (before != null && probedAt.isPresent()) {
        before.returnProbe(caller, probedAt.getAsLong());
      }
    }
  }

  private void observe(Estimated estimated, CallUse use, CallCharge charge) {
    CallEstimate estimate = estimated.estimate();
    TokenUsage usage = charge.usage();
    ModelObservation earlier = estimated.before();
    if (use.isAbandoned() && earlier != null) {
      earlier.add(
          estimated.caller(),
          before -> before.afterLeft(estimate.use(), usage.output()),
          nanos.getAsLong());
    }
    if (charge.evidence() == CallUse.Evidence.STATED
        && usage.input() > 0
        && usage.estimated().requests() == 0
        && !estimate.use().model().equals(UsageModel.UNKNOWN)) {
      ModelObservation known = estimated.before();
      if (known == null) {
        known = observed.get(estimated.model(), model -> new ModelObservation(nanos.getAsLong()));
      }
      known.add(
          estimated.caller(),
          before ->
              estimate.after(
                  estimated.probedAt().isPresent() ? Optional.empty() : Optional.of(before),
                  usage,
                  charge),
          nanos.getAsLong());
    }
  }

  private final class Spending implements CallSpending {
    private final Reservation reservation;
    private final SpendingRequest.Rules rules;
    private final @Nullable Estimated estimated;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Whether the reservation was returned before the end of the call. */
    private volatile boolean isGivenBack;

    private volatile @Nullable CompletableFuture<CallCharge> later;

    /**
     * @param estimated the estimated usage; null if the budgets count only requests
     */
    Spending(Reservation reservation, SpendingRequest.Rules rules, @Nullable Estimated estimated) {
      this.reservation = reservation;
      this.rules = rules;
      this.estimated = estimated;
    }

    @Override
    public boolean isStrict() {
      return estimated != null && rules.areStrict();
    }

    @Override
    public Optional<BudgetLeft> left() {
      return reservation.left();
    }

    @Override
    public Optional<CallEstimate> estimate() {
      return Optional.ofNullable(estimated).map(Estimated::estimate);
    }

    @Override
    public void giveBack() {
      isGivenBack = true;
      reservation.close();
    }

    @Override
    public Optional<CompletableFuture<CallCharge>> later() {
      return Optional.ofNullable(later);
    }

    @Override
    public Optional<CallCharge> settle(CallUse use) {
      if (!ended.compareAndSet(false, true)) {
        return Optional.empty();
      }
      if (isGivenBack) {
        countRefusedRequest();
        return Optional.empty();
      }
      if (estimated == null || estimated.estimate().use().kind() == OperationKind.NOTHING) {
        // Only budgets that count requests are charged for the call.
        reservation.settle(demand -> 1);
        return Optional.empty();
      }
      try {
        return charged(estimated, use);
      } catch (RuntimeException | Error bug) {
        chargeReservation();
        throw bug;
      }
    }

    private Optional<CallCharge> charged(Estimated estimated, CallUse use) {
      UsageModel asked = estimated.model().called();
      CallUse used = use.of(estimated.estimate().use());
      if (!AnswerPrices.isOther(asked, used.answeredBy())) {
        return Optional.of(settle(estimated, used, AnswerPrices.of(estimated.estimate().prices())));
      }
      PricedModel other = rules.priced(used.answeredBy());
      Optional<CallPrices> known = prices.findAtOnce(other);
      if (known.isEmpty()) {
        CompletableFuture<CallCharge> charge = new CompletableFuture<>();
        later = charge;
        Thread unused =
            Thread.startVirtualThread(() -> settleOnceKnown(estimated, used, other, charge));
      }
      return known.map(of -> settle(estimated, used, pricesOf(estimated, used, of)));
    }

    /**
     * Counts the call in the budgets that count requests, after the call's reservation was returned
     * to the budgets. If other calls have taken the returned amount in the meantime, the request is
     * not counted, because it would exceed a strict budget. The request is also not counted if the
     * database is slow and too many calls already wait to be counted.
     */
    private void countRefusedRequest() {
      List<BudgetDemand> undecided = new ArrayList<>(0);
      for (BudgetMeter meter : rules.meters()) {
        if (meter.budget().unit() == BudgetUnit.REQUESTS) {
          BudgetDemand request = new BudgetDemand(meter, 1, Optional.empty());
          if (isUndecided(reservations.reserveAtOnce(List.of(request)))) {
            undecided.add(request);
          }
        }
      }
      if (!undecided.isEmpty() && counting.tryAcquire()) {
        Thread unused = Thread.startVirtualThread(() -> countByLedger(undecided));
      }
    }

    private void countByLedger(List<BudgetDemand> requests) {
      try {
        requests.forEach(this::countByLedger);
      } catch (StoreUnavailable | QueryTimeout e) {
        // The call is not counted. Any other exception is a bug, which the thread reports.
      } finally {
        counting.release();
      }
    }

    private void countByLedger(BudgetDemand request) {
      try {
        boolean unused = isUndecided(reservations.reserve(List.of(request)));
      } catch (ConcurrencyConflict e) {
        // The call is not counted in this budget, but can still be counted in the others.
      }
    }

    /**
     * If the decision is a reservation, charges the request. Returns true if this node can't decide
     * about the request without the database.
     */
    private static boolean isUndecided(ReserveDecision decision) {
      if (decision instanceof ReserveDecision.Reserved reserved) {
        reserved.reservation().settle(demand -> 1);
      }
      return decision instanceof ReserveDecision.Unknown;
    }

    /**
     * Charges the call as soon as the price is known. The whole reservation stays until then. If
     * the price can't be read, the call is charged at the price of the requested model.
     */
    private void settleOnceKnown(
        Estimated estimated, CallUse use, PricedModel other, CompletableFuture<CallCharge> charge) {
      CallPrices known = CallPrices.NONE;
      try {
        known = prices.find(other);
      } catch (TransientFailure e) {
        // Any other exception is a bug, which the thread reports.
      } finally {
        complete(charge, estimated, use, known);
      }
    }

    private void complete(
        CompletableFuture<CallCharge> charge,
        Estimated estimated,
        CallUse use,
        CallPrices answered) {
      try {
        boolean unused =
            charge.complete(settle(estimated, use, pricesOf(estimated, use, answered)));
      } catch (RuntimeException | Error bug) {
        // Usage waits for the charge.
        boolean unused = charge.completeExceptionally(bug);
        throw bug;
      } finally {
        chargeReservation();
      }
    }

    /**
     * Returns the prices of a call that was answered by a model other than the requested model.
     *
     * @param answered prices of the model that answered
     */
    private AnswerPrices pricesOf(Estimated estimated, CallUse used, CallPrices answered) {
      CallEstimate estimate = estimated.estimate();
      return AnswerPrices.of(
          estimated.model().called(),
          estimate.prices(),
          used.answeredBy(),
          answered,
          rules.areStrict() && !used.isBySubstitute(estimate.use()));
    }

    /**
     * @param used the usage of the call; in this usage, other models have the same names as in the
     *     request
     */
    private CallCharge settle(Estimated estimated, CallUse used, AnswerPrices at) {
      CallEstimate estimate = estimated.estimate();
      CallCharge own =
          CallCharge.of(
              estimate.likeObserved(used), estimate.boundsOf(used, estimated.bounds()), at);
      CallCharge charge = own.withOthers(estimate.ofOthers(used));
      reservation.settle(
          reserved -> charge.amountFor(reserved.meter(), estimate, reserved.amount()));
      observe(estimated, used, own);
      return charge;
    }

    /** Charges the whole reservation, unless the reservation has already been settled. */
    private void chargeReservation() {
      reservation.settle(BudgetDemand::amount);
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        reservation.close();
        if (estimated != null && !isGivenBack) {
          estimated.returnProbe();
        }
      }
    }
  }
}
