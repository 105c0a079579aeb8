package io.claviger.application.budgets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.budgets.SpendingDecision.Granted;
import io.claviger.application.budgets.SpendingDecision.Refused;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallEstimate.Bound;
import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reserves for each call, of all budgets that it is charged to, what it may use, and charges it
 * with what it has used.
 */
public final class CallBudgets {
  /** Of how many models of services it is remembered what their calls have used. */
  private static final int MOST_OBSERVED = 10_000;

  private static final SpendingDecision UNKNOWN = new SpendingDecision.Unknown();
  private static final SpendingDecision FREE = new Granted(CallSpending.NONE);

  private final PriceBook prices;
  private final BudgetReservations reservations;
  private final Cache<PricedModel, ObservedUse> observed =
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
    List<Wanted> least = meters.stream().map(meter -> new Wanted(meter, 1)).toList();
    return switch (reservations.reserve(least)) {
      case ReserveDecision.Reserved reserved -> {
        reserved.reservation().close();
        yield Optional.empty();
      }
      case ReserveDecision.Exhausted exhausted ->
          Optional.of(SpendingRefusal.of(exhausted, Optional.empty(), OptionalLong.empty()));
      case ReserveDecision.Unknown unknown -> Optional.empty();
    };
  }

  private SpendingDecision decide(SpendingRequest call, boolean mayBlock) {
    SpendingRequest.Rules rules = call.rules();
    if (rules.areNone()) {
      return FREE;
    }
    if (!rules.dependOnBody()) {
      List<Wanted> one = rules.meters().stream().map(meter -> new Wanted(meter, 1)).toList();
      return reserved(one, call, Optional.empty(), mayBlock);
    }
    if (call.use().isEmpty()) {
      return new Refused(SpendingRefusal.notReadable());
    }
    RequestedUse use = call.use().get();
    Optional<SpendingRefusal> tooLong = beyond(rules.maxOutput(), use);
    if (tooLong.isPresent()) {
      return new Refused(tooLong.get());
    }
    Optional<CallPrices> known = pricesOf(call, mayBlock);
    return known.isEmpty() ? UNKNOWN : decide(call, estimate(call, use, known.get()), mayBlock);
  }

  private static Optional<SpendingRefusal> beyond(OptionalInt most, RequestedUse use) {
    return most.isPresent() && use.statedOutputInAll().orElse(Long.MAX_VALUE) > most.getAsInt()
        ? Optional.of(SpendingRefusal.ofOutput(use, most.getAsInt()))
        : Optional.empty();
  }

  private Optional<CallPrices> pricesOf(SpendingRequest call, boolean mayBlock) {
    return mayBlock
        ? Optional.of(prices.find(call.pricedModel()))
        : prices.findAtOnce(call.pricedModel());
  }

  private CallEstimate estimate(SpendingRequest call, RequestedUse use, CallPrices known) {
    ObservedUse before = observed.getIfPresent(call.pricedModel());
    return new CallEstimate(use, known, before == null ? ObservedUse.NONE : before);
  }

  private SpendingDecision decide(SpendingRequest call, CallEstimate estimate, boolean mayBlock) {
    List<Wanted> wanted = new ArrayList<>();
    for (BudgetMeter meter : call.rules().meters()) {
      switch (estimate.amountFor(meter)) {
        case Bound.Of bound -> {
          if (bound.amount() > 0) {
            wanted.add(new Wanted(meter, bound.amount()));
          }
        }
        case Bound.Missing missing -> {
          return new Refused(SpendingRefusal.of(missing.why(), estimate.use()));
        }
      }
    }
    return reserved(wanted, call, Optional.of(estimate), mayBlock);
  }

  private SpendingDecision reserved(
      List<Wanted> wanted,
      SpendingRequest call,
      Optional<CallEstimate> estimate,
      boolean mayBlock) {
    ReserveDecision decision =
        mayBlock ? reservations.reserve(wanted) : reservations.reserveAtOnce(wanted);
    return switch (decision) {
      case ReserveDecision.Reserved reserved ->
          new Granted(new Spending(reserved.reservation(), call, estimate));
      case ReserveDecision.Exhausted exhausted -> new Refused(exhausted(exhausted, call, estimate));
      case ReserveDecision.Unknown unknown -> UNKNOWN;
    };
  }

  private static SpendingRefusal exhausted(
      ReserveDecision.Exhausted exhausted, SpendingRequest call, Optional<CallEstimate> estimate) {
    OptionalLong fits =
        estimate
            .map(known -> known.largestOutputWithin(exhausted.meter(), exhausted.left()))
            .orElse(OptionalLong.empty());
    return SpendingRefusal.of(exhausted, call.use(), fits);
  }

  /** What one call has reserved. */
  private final class Spending implements CallSpending {
    private final Reservation reservation;
    private final SpendingRequest call;
    private final Optional<CallEstimate> estimate;

    Spending(Reservation reservation, SpendingRequest call, Optional<CallEstimate> estimate) {
      this.reservation = reservation;
      this.call = call;
      this.estimate = estimate;
    }

    @Override
    public Optional<CallCharge> settle(TokenUsage usage, boolean failed) {
      CallCharge charge =
          CallCharge.of(usage, estimate.map(CallEstimate::prices).orElse(CallPrices.NONE), failed);
      reservation.settle(charge::amountFor);
      estimate.ifPresent(known -> observe(known.use(), usage));
      return estimate.map(known -> charge);
    }

    private void observe(RequestedUse use, TokenUsage usage) {
      if (usage.input() > 0
          && usage.estimated().requests() == 0
          && !use.model().equals(UsageModel.UNKNOWN)) {
        observed
            .asMap()
            .merge(
                call.pricedModel(),
                ObservedUse.NONE.after(use, usage.input(), usage.output()),
                (before, first) -> before.after(use, usage.input(), usage.output()));
      }
    }

    @Override
    public void close() {
      reservation.close();
    }
  }
}
