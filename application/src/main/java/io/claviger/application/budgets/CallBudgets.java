package io.claviger.application.budgets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.budgets.SpendingDecision.Granted;
import io.claviger.application.budgets.SpendingDecision.Refused;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallEstimate.Bound;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reserves for each call, of all budgets that it is charged to, what it may use, and charges it
 * with what it has used.
 */
public final class CallBudgets {
  /** The most models of services for which it is remembered what their calls have used. */
  private static final int MOST_OBSERVED = 10_000;

  private static final SpendingDecision UNKNOWN = new SpendingDecision.Unknown();
  private static final SpendingDecision FREE = new Granted(CallSpending.NONE);

  private final PriceBook prices;
  private final BudgetReservations reservations;
  private final Cache<PricedModel, ModelObservation> observed =
      Caffeine.newBuilder().maximumSize(MOST_OBSERVED).build();

  public CallBudgets(PriceBook prices, BudgetReservations reservations) {
    this.prices = prices;
    this.reservations = reservations;
  }

  /** Reserves of all budgets or of none, without the database. Never blocks. */
  public SpendingDecision reserveAtOnce(SpendingRequest call) {
    return decide(call, false);
  }

  /**
   * Reserves of all budgets or of none, and may ask the database. Never {@link
   * SpendingDecision.Unknown}.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  public SpendingDecision reserve(SpendingRequest call) {
    return decide(call, true);
  }

  /**
   * Why one of these budgets leaves nothing for any call. Nothing of them is used. Asks the
   * database.
   *
   * @return empty when all leave something
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  public Optional<SpendingRefusal> usedUp(List<BudgetMeter> meters) {
    return switch (reservations.reserve(ofEach(meters))) {
      case ReserveDecision.Reserved reserved -> {
        reserved.reservation().close();
        yield Optional.empty();
      }
      case ReserveDecision.Exhausted exhausted ->
          Optional.of(SpendingRefusal.of(exhausted, Optional.empty(), OptionalLong.empty()));
      case ReserveDecision.Unknown unknown -> Optional.empty();
    };
  }

  private static List<BudgetDemand> ofEach(List<BudgetMeter> meters) {
    return meters.stream().map(meter -> new BudgetDemand(meter, 1)).toList();
  }

  private SpendingDecision decide(SpendingRequest call, boolean mayBlock) {
    SpendingRequest.Rules rules = call.rules();
    if (rules.areNone()) {
      return FREE;
    }
    if (!rules.dependOnBody()) {
      return reserved(ofEach(rules.meters()), call, null, mayBlock);
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
    return known.isEmpty() ? UNKNOWN : decide(call, estimate(model, use, known.get()), mayBlock);
  }

  private static Optional<SpendingRefusal> beyond(OptionalInt most, RequestedUse use) {
    return most.isPresent() && use.statedOutputInAll().orElse(Long.MAX_VALUE) > most.getAsInt()
        ? Optional.of(SpendingRefusal.ofOutput(use, most.getAsInt()))
        : Optional.empty();
  }

  private Optional<CallPrices> pricesOf(PricedModel model, boolean mayBlock) {
    return mayBlock ? Optional.of(prices.find(model)) : prices.findAtOnce(model);
  }

  private Estimated estimate(PricedModel model, RequestedUse use, CallPrices known) {
    ModelObservation before = observed.getIfPresent(model);
    ObservedUse latest = before == null ? ObservedUse.NONE : before.latest();
    return new Estimated(model, before, new CallEstimate(use, known, latest));
  }

  private SpendingDecision decide(SpendingRequest call, Estimated estimated, boolean mayBlock) {
    CallEstimate estimate = estimated.estimate();
    List<BudgetMeter> meters = call.rules().meters();
    List<BudgetDemand> wanted = new ArrayList<>(meters.size());
    for (BudgetMeter meter : meters) {
      switch (estimate.amountFor(meter)) {
        case Bound.Of bound -> {
          if (bound.amount() > 0) {
            wanted.add(new BudgetDemand(meter, bound.amount()));
          }
        }
        case Bound.Missing missing -> {
          return new Refused(SpendingRefusal.of(missing.why(), estimate.use()));
        }
      }
    }
    return reserved(wanted, call, estimated, mayBlock);
  }

  private SpendingDecision reserved(
      List<BudgetDemand> wanted,
      SpendingRequest call,
      @Nullable Estimated estimated,
      boolean mayBlock) {
    ReserveDecision decision =
        mayBlock ? reservations.reserve(wanted) : reservations.reserveAtOnce(wanted);
    return switch (decision) {
      case ReserveDecision.Reserved reserved ->
          new Granted(new Spending(reserved.reservation(), call.rules(), estimated));
      case ReserveDecision.Exhausted exhausted ->
          new Refused(exhausted(exhausted, call, estimated));
      case ReserveDecision.Unknown unknown -> UNKNOWN;
    };
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
   * What a call is expected to use.
   *
   * @param before what earlier calls of the model have used; null where nothing is known
   */
  private record Estimated(
      PricedModel model, @Nullable ModelObservation before, CallEstimate estimate) {}

  private void observe(Estimated estimated, CallCharge charge) {
    CallEstimate estimate = estimated.estimate();
    TokenUsage usage = charge.usage();
    if (charge.evidence() == CallUse.Evidence.STATED
        && usage.input() > 0
        && usage.estimated().requests() == 0
        && !estimate.use().model().equals(UsageModel.UNKNOWN)) {
      ModelObservation known = estimated.before();
      if (known == null) {
        known = observed.get(estimated.model(), model -> new ModelObservation());
      }
      known.add(before -> estimate.after(before, usage, charge));
    }
  }

  /** What one call has reserved. */
  private final class Spending implements CallSpending {
    private final Reservation reservation;
    private final SpendingRequest.Rules rules;
    private final @Nullable Estimated estimated;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param estimated null where the budgets count requests alone
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
    public Optional<CallCharge> settle(CallUse use) {
      if (!ended.compareAndSet(false, true)) {
        return Optional.empty();
      }
      if (estimated == null) {
        reservation.settle(meter -> 1);
        return Optional.empty();
      }
      UsageModel asked = estimated.model().called();
      if (!AnswerPrices.isOther(asked, use.answeredBy())) {
        return Optional.of(settle(estimated, use, CallPrices.NONE));
      }
      PricedModel other = rules.priced(use.answeredBy());
      Optional<CallPrices> known = prices.findAtOnce(other);
      if (known.isEmpty()) {
        Thread unused = Thread.startVirtualThread(() -> settleOnceKnown(estimated, use, other));
      }
      return known.map(of -> settle(estimated, use, of));
    }

    /** Until then all that was reserved stays reserved. */
    private void settleOnceKnown(Estimated by, CallUse use, PricedModel other) {
      CallPrices known;
      try {
        known = prices.find(other);
      } catch (StoreUnavailable e) {
        known = CallPrices.NONE;
      }
      CallCharge unused = settle(by, use, known);
    }

    private CallCharge settle(Estimated by, CallUse use, CallPrices answered) {
      CallEstimate estimate = by.estimate();
      AnswerPrices at =
          AnswerPrices.of(
              by.model().called(),
              estimate.prices(),
              use.answeredBy(),
              answered,
              rules.areStrict());
      CallCharge charge = CallCharge.of(use, estimate.bounds(), at);
      reservation.settle(meter -> charge.amountFor(meter, estimate));
      observe(by, charge);
      return charge;
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        reservation.close();
      }
    }
  }
}
