package io.claviger.application.batches;

import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.batches.port.BatchLedger.NewBatch;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.budgets.SpendingRefusal;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TransientFailure;
import io.claviger.domain.batches.BatchEstimate;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.BatchVerdict.BeyondOutput;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Reserves the possible cost of a batch before the batch is created. Each request of a batch
 * reserves as much as a single call with this request, but at the provider's batch price. A budget
 * that counts requests counts every request of the batch. The methods query the database, and throw
 * {@link io.claviger.application.shared.StoreUnavailable} if it does not answer.
 */
public final class BatchReservations {
  /**
   * The time from the creation of a batch until its provider is first asked for the batch's state.
   */
  static final Duration FIRST_CHECK = Duration.ofSeconds(60);

  /**
   * The maximum number of attempts to release the reservation of a batch. All attempts together
   * take about 90 seconds.
   */
  private static final int MOST_ATTEMPTS = 10;

  /**
   * The maximum number of attempts to store the id of a batch. The caller waits for all attempts,
   * about three seconds.
   */
  private static final int MOST_BINDINGS = 5;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /**
   * The time that passes before a reservation is released if the database's answer was lost. After
   * this time, the database has either stored the reservation or will never store it, even if the
   * commit arrived late.
   */
  private static final Duration UNTIL_DECIDED = BatchLedger.LONGEST_IDLE.plusSeconds(1);

  /**
   * The maximum number of reservations that wait to be released while the database can't be
   * reached. Each waiting reservation takes about 100 bytes. Further reservations are charged in
   * full after the latest time at which their batch can end. The waiting reservations of a node
   * that stops are also charged in full after that time.
   */
  private static final int MOST_WAITING = 100_000;

  /**
   * The maximum number of waiting reservations that a node releases at the same time. Several
   * reservations are released at a time, so that a few reservations whose release keeps timing out
   * do not delay the others.
   */
  static final int AT_ONCE = 8;

  /**
   * The maximum time for which a waiting reservation waits for the database. A reservation that has
   * waited for about this time is charged.
   */
  private static final Duration LONGEST_AWAY = Duration.ofDays(3);

  private final BatchLedger ledger;
  private final PriceBook prices;
  private final CallBudgets budgets;
  private final Duration untilDecided;
  private final Duration firstPause;

  /**
   * Releases the waiting reservations, up to {@link #AT_ONCE} of them at the same time. A
   * reservation waits if the database's answer about it was lost, or if the database could not be
   * reached to release it. If too many reservations wait, newer reservations are dropped, because
   * they were most likely never stored.
   */
  private final ThreadPoolExecutor waiting =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          Thread.ofVirtual().name("claviger-released-batches").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param budgets the budgets, which estimate the usage of a request from the usage of earlier
   *     calls
   */
  public BatchReservations(BatchLedger ledger, PriceBook prices, CallBudgets budgets) {
    this(ledger, prices, budgets, UNTIL_DECIDED, FIRST_PAUSE);
  }

  /**
   * @param untilDecided the time that passes before a reservation is released if the database's
   *     answer was lost
   * @param firstPause the pause before a failed query is repeated for the first time
   */
  BatchReservations(
      BatchLedger ledger,
      PriceBook prices,
      CallBudgets budgets,
      Duration untilDecided,
      Duration firstPause) {
    this.ledger = ledger;
    this.prices = prices;
    this.budgets = budgets;
    this.untilDecided = untilDecided;
    this.firstPause = firstPause;
    waiting.allowCoreThreadTimeOut(true);
  }

  /**
   * A batch that a caller wants to create.
   *
   * @param account the user who creates the batch, and the service through which the user creates
   *     it
   * @param source where the key comes from
   * @param charged the accounts that are charged for the batch, including accounts without budgets
   * @param verdict the verdict about the batch. The verdict says how much the batch's requests may
   *     use, and must state no fault
   * @param input the provider's id of the file with the requests; empty if the body has the
   *     requests
   * @param longest the time after which the provider ends the batch at the latest
   */
  public record WantedBatch(
      UsageAccount account,
      KeySource source,
      List<String> charged,
      BatchVerdict verdict,
      Optional<String> input,
      Duration longest) {}

  /** Whether a batch may be created. */
  public sealed interface Decision {
    /**
     * @param spending the reservation. The caller must close it if the batch is not sent to the
     *     provider
     */
    record Reserved(CallSpending spending) implements Decision {}

    record Refused(SpendingRefusal why) implements Decision {}
  }

  /**
   * Reserves an amount from every budget, or nothing if any budget has too little left. A batch
   * without budgets is recorded too, so that its usage is counted.
   */
  public Decision reserve(SpendingRequest.Rules rules, WantedBatch wanted) {
    if (rules.maxOutput().isPresent()) {
      Optional<BeyondOutput> beyond = wanted.verdict().beyond(rules.maxOutput().getAsInt());
      if (beyond.isPresent()) {
        return new Decision.Refused(
            SpendingRefusal.ofBatchOutput(
                beyond.get().line(), beyond.get().stated(), rules.maxOutput().getAsInt()));
      }
    }
    BatchEstimate estimate = estimate(rules, wanted.verdict());
    List<BudgetDemand> demands = new ArrayList<>(rules.meters().size());
    for (BudgetMeter meter : rules.meters()) {
      switch (estimate.amountFor(meter)) {
        case BatchEstimate.Bound.Of bound -> {
          if (bound.amount() > 0) {
            demands.add(
                new BudgetDemand(
                    meter, bound.amount(), estimate.mostFor(meter), Optional.of(rules.caller())));
          }
        }
        case BatchEstimate.Bound.Missing missing -> {
          return new Decision.Refused(SpendingRefusal.ofBatch(missing.why(), missing.line()));
        }
        case BatchEstimate.Bound.Unread unread -> {
          return new Decision.Refused(SpendingRefusal.ofUnreadTools());
        }
      }
    }
    UUID id = UUID.randomUUID();
    NewBatch batch =
        new NewBatch(
            id,
            wanted.account(),
            wanted.source(),
            rules.provider(),
            wanted.charged(),
            wanted.verdict().path(),
            wanted.input(),
            estimate.reserved(),
            wanted.longest());
    Optional<ReserveDecision.Exhausted> exhausted = reserve(batch, demands);
    return exhausted.isPresent()
        ? new Decision.Refused(SpendingRefusal.ofBatch(exhausted.get()))
        : new Decision.Reserved(new Spending(id));
  }

  private Optional<ReserveDecision.Exhausted> reserve(NewBatch batch, List<BudgetDemand> demands) {
    budgets.open(demands);
    try {
      return ledger.reserve(batch, demands);
    } catch (ConcurrencyConflict e) {
      // Another transaction keeps a budget locked. Nothing was stored.
      throw new StoreUnavailable(e);
    } catch (StoreUnavailable e) {
      // The answer was lost, so the reservation might have been stored. The batch is not created.
      releaseOnceBack(batch.id(), untilDecided);
      throw e;
    }
  }

  /**
   * Begins to release a reservation once the database can be reached. Releases begin in the order
   * in which the reservations began to wait. A reservation whose release keeps timing out begins to
   * wait again, so that it does not delay the others.
   *
   * @param first the time before the first attempt
   */
  private void releaseOnceBack(UUID batch, Duration first) {
    releaseOnceBack(batch, first, System.nanoTime());
  }

  private void releaseOnceBack(UUID batch, Duration first, long begun) {
    waiting.execute(
        () -> {
          boolean goesOn = waited(first.minusNanos(System.nanoTime() - begun));
          while (goesOn) {
            Release release = release(batch);
            goesOn =
                release != Release.DONE
                    && !Thread.currentThread().isInterrupted()
                    && System.nanoTime() - begun <= LONGEST_AWAY.toNanos();
            if (goesOn && release == Release.SLOW) {
              releaseOnceBack(batch, Duration.ZERO, begun);
              return;
            }
          }
        });
  }

  /** The outcome of all attempts to release a reservation. */
  private enum Release {
    DONE,

    /** The database could not be reached at the last attempt. */
    AWAY,

    /** The last attempt took too long, or was in conflict with another transaction. */
    SLOW
  }

  /**
   * Releases a reservation. If the first attempt fails, repeats the attempt for a while. Nothing
   * else records that the provider did not create the batch. So a reservation that is never
   * released is charged in full after the latest time at which the batch can end.
   */
  private Release release(UUID batch) {
    try {
      boolean unused =
          repeated(
              MOST_ATTEMPTS,
              () -> {
                ledger.release(batch);
                return true;
              });
      return Release.DONE;
    } catch (StoreUnavailable e) {
      return Release.AWAY;
    } catch (QueryTimeout | ConcurrencyConflict e) {
      return Release.SLOW;
    }
  }

  /**
   * Repeats a query with growing pauses while the database can't be reached, is too slow, or
   * reports conflicts with other transactions. Throws the last failure.
   */
  private boolean repeated(int most, BooleanSupplier query) {
    Duration pause = firstPause;
    for (int attempt = 1; true; attempt++) {
      try {
        return query.getAsBoolean();
      } catch (TransientFailure e) {
        if (attempt == most || !waited(pause)) {
          throw e;
        }
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static boolean waited(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private BatchEstimate estimate(SpendingRequest.Rules rules, BatchVerdict verdict) {
    List<BatchEstimate.OfModel> models = new ArrayList<>(verdict.models().size());
    for (ModelUse use : verdict.models()) {
      PricedModel model =
          new PricedModel(rules.service(), rules.provider(), UsageModel.called(use.model()));
      models.add(
          new BatchEstimate.OfModel(
              use,
              ofBatches(rules.provider(), prices.find(model)),
              budgets.expected(rules.caller(), model)));
    }
    return new BatchEstimate(verdict.path(), models);
  }

  /** Returns the prices that a provider charges for requests in batches. */
  static CallPrices ofBatches(Provider provider, CallPrices ofCalls) {
    if (!provider.halvesBatches()) {
      return ofCalls.ofTier(ServiceTier.BATCH);
    }
    return provider.halvesCachedInput() ? ofCalls.ofBatches() : ofCalls.ofBatchesWithUsualCaches();
  }

  /** The reservation of a batch while the call that creates the batch runs. */
  private final class Spending implements CallSpending, CallSpending.ReservedBatch {
    private final UUID id;
    private final AtomicBoolean ended = new AtomicBoolean();

    Spending(UUID id) {
      this.id = id;
    }

    @Override
    public boolean isStrict() {
      return false; // The answer does not state what the batch will use.
    }

    @Override
    public Optional<ReservedBatch> batch() {
      return Optional.of(this);
    }

    /**
     * Stores the provider's id of the batch. If the database can't be reached for a moment, this
     * method waits. Without the stored id, the whole reservation of the batch would be charged in
     * the end.
     */
    @Override
    public boolean made(String batch) {
      return repeated(MOST_BINDINGS, () -> ledger.bind(id, batch, FIRST_CHECK));
    }

    @Override
    public void refused() {
      close();
    }

    /** Returns no charge, because the batch is charged later, once its usage is known. */
    @Override
    public Optional<CallCharge> settle(CallUse use) {
      ended.set(true);
      return Optional.empty();
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        Thread unused =
            Thread.startVirtualThread(
                () -> {
                  if (release(id) != Release.DONE) {
                    releaseOnceBack(id, Duration.ZERO);
                  }
                });
      }
    }
  }
}
