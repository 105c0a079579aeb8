package io.claviger.application.batches;

import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.batches.port.BatchLedger.NewBatch;
import io.claviger.application.batches.port.BatchLedger.OpenBatch;
import io.claviger.application.batches.port.BatchLedger.ReservedBudget;
import io.claviger.application.batches.port.BatchLedger.SettledBatch;
import io.claviger.application.batches.port.BatchProvider;
import io.claviger.application.prices.PriceLookup;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.prices.PublishedPrices;
import io.claviger.application.prices.ToolFees;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.Elapsed;
import io.claviger.application.shared.Pause;
import io.claviger.application.shared.TransientFailure;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.application.usage.port.UsageStore.UsageRefused;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchCharge;
import io.claviger.domain.batches.BatchCharge.ModelCharge;
import io.claviger.domain.batches.BatchCharge.PricedReservation;
import io.claviger.domain.batches.ReservedModel;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.formats.BatchAnswers.StatedSum;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers for the state of batches and charges finished batches. The charge is calculated
 * from the usage that the provider states, either as a sum or in the result lines. A batch is never
 * charged more than the maximum usage of its requests. The time for finishing the batch is limited,
 * but is extended while the provider says that it still works on the batch. If the usage is still
 * unknown two days after that time, the batch is charged the maximum usage of its requests. If
 * nobody knows whether the provider created the batch, the reserved amount is charged.
 *
 * <p>Any number of nodes may settle batches. Only one node works on a batch at a time, and the
 * ledger charges the batch once.
 */
public final class BatchSettlement {
  /** The maximum time between two requests for the state of a batch. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  /**
   * The time for which a node has the lease of a batch. The lease lasts longer than it takes to
   * read the batch's results twice.
   */
  private static final Duration LEASE = Duration.ofMinutes(15);

  /** The maximum number of batches that a node settles at the same time. */
  static final int AT_ONCE = 16;

  /** The maximum number of batches whose files with results a node requests at the same time. */
  static final int RESULTS_AT_ONCE = 4;

  /** The interval at which a node looks for batches whose files with results are not recorded. */
  static final Duration BETWEEN_RESULTS = Duration.ofSeconds(30);

  /** The maximum time between two requests for the files with the results of a batch. */
  private static final Duration LONGEST_RESULTS_PAUSE = Duration.ofHours(6);

  /** The maximum number of services whose pauses a node remembers. */
  private static final int MOST_RESTS = 10_000;

  private final BatchLedger ledger;
  private final BatchProvider provider;
  private final PriceStore prices;
  private final PriceLookup lookup;
  private final InstantSource clock;
  private final Executor threads;
  private final Consumer<UsageBatch> refused;

  /**
   * The ids of the batches that this node is settling, with the accounts that created these
   * batches.
   */
  private final Map<UUID, UsageAccount> underWay = new ConcurrentHashMap<>();

  /**
   * The pauses of services whose results could not be read to the end. During a pause, the
   * service's provider is not asked for results.
   */
  private final Map<Instance.Id, Pause> rests = new ConcurrentHashMap<>();

  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * A failure to settle a batch since the last run of the task; null if there was none. Another
   * attempt to settle the batch is made after the end of its lease.
   */
  private final AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();

  /** The owners for whose services this node is requesting files with results. */
  private final Set<User.Id> owing = ConcurrentHashMap.newKeySet();

  /** The time at which this node last looked for files with results. */
  private Instant lastResults = Instant.MIN;

  /**
   * @param threads the threads that run the blocking requests to providers
   * @param refused the receiver of a charged batch's usage if the database refuses to store this
   *     usage as a whole
   */
  public BatchSettlement(
      BatchLedger ledger,
      BatchProvider provider,
      PriceStore prices,
      InstantSource clock,
      Executor threads,
      Consumer<UsageBatch> refused) {
    this.ledger = ledger;
    this.provider = provider;
    this.prices = prices;
    this.lookup = new PriceLookup(prices);
    this.clock = clock;
    this.threads = threads;
    this.refused = refused;
  }

  /**
   * Begins to settle due batches, as many as this node settles at the same time. Also begins to
   * request those files with results that are not recorded yet. This method does not wait for the
   * providers. The method is called on one thread at a time.
   *
   * @throws RuntimeException if a batch could not be settled since the last call
   */
  public void settleDue() {
    RuntimeException before = failed.getAndSet(null);
    beginDue();
    beginResults();
    if (before != null) {
      throw before;
    }
  }

  private void beginDue() {
    // An ended pause is remembered for a while, because the next pause has to be longer.
    Instant forgotten = clock.instant().minus(Pause.LONGEST);
    rests.values().removeIf(rest -> rest.until().isBefore(forgotten));
    int room = places.drainPermits();
    List<OpenBatch> due = List.of();
    try {
      due = room > 0 ? ledger.take(room, List.copyOf(underWay.values()), LEASE) : due;
    } finally {
      places.release(room - due.size());
    }
    due.forEach(each -> underWay.put(each.batch().id(), each.batch().account()));
    for (OpenBatch each : due) {
      threads.execute(
          () -> {
            try {
              settle(each);
            } catch (RuntimeException e) {
              failed.set(e);
            } finally {
              underWay.remove(each.batch().id());
              places.release();
            }
          });
    }
  }

  /**
   * Settles a batch or postpones it. If the batch's time is over, and an attempt fails although the
   * database answers, further attempts would probably fail too. So the batch is then charged its
   * reserved amounts.
   */
  private void settle(OpenBatch open) {
    try {
      settleOrPostpone(open);
    } catch (TransientFailure e) {
      throw e;
    } catch (RuntimeException e) {
      if (open.isOver()) {
        boolean unused = ledger.settle(open.batch().id(), reserved(open), withoutUsage(open));
      }
      throw e;
    }
  }

  private static Map<UUID, Long> reserved(OpenBatch open) {
    Map<UUID, Long> charges = new HashMap<>();
    open.budgets().forEach(each -> charges.put(each.account(), each.amount()));
    return charges;
  }

  private static UsageBatch withoutUsage(OpenBatch open) {
    return new UsageBatch(open.batch().id(), 1, List.of());
  }

  private void settleOrPostpone(OpenBatch open) {
    boolean isResting = rest(open).isPositive();
    Optional<BatchReport> report = isResting ? Optional.empty() : report(open);
    Optional<BatchCharge> charge = charge(open, report, isResting);
    if (charge.isEmpty()) {
      Duration pause = pause(open.checks());
      Duration rest = rest(open);
      boolean goesOn = report.filter(of -> !of.isOver()).isPresent();
      ledger.postpone(open.batch().id(), pause.compareTo(rest) < 0 ? rest : pause, goesOn);
      return;
    }
    Map<UUID, Long> charges = new HashMap<>();
    for (ReservedBudget each : open.budgets()) {
      charges.put(
          each.account(),
          charge.get().amountFor(each.unit(), each.bound(), each.amount(), each.isOfService()));
    }
    UsageBatch used = usage(open, charge.get().models());
    try {
      boolean unused = ledger.settle(open.batch().id(), charges, used);
    } catch (UsageRefused e) {
      if (ledger.settle(open.batch().id(), charges, withoutUsage(open))) {
        refused.accept(used);
      }
    }
    // The results can be deleted only now, because the charge needs them. Files that the provider
    // has not stated yet are requested later.
    report
        .filter(BatchReport::isOver)
        .ifPresent(
            over ->
                ledger.keepResults(
                    open.batch().id(),
                    open.batch().account().instance(),
                    open.id().orElseThrow(),
                    over.files()));
  }

  /**
   * If a batch was charged but its files with results were not recorded, begins to ask for these
   * files.
   */
  private void beginResults() {
    Instant now = clock.instant();
    if (Elapsed.isWithin(BETWEEN_RESULTS, lastResults, now)) {
      return;
    }
    lastResults = now;
    List<User.Id> owners = List.copyOf(owing);
    int room = RESULTS_AT_ONCE - owners.size();
    List<SettledBatch> due = room > 0 ? ledger.takeResults(room, owners, LEASE) : List.of();
    for (SettledBatch each : due) {
      boolean unused = owing.add(each.owner());
      threads.execute(
          () -> {
            try {
              keepResults(each);
            } catch (RuntimeException e) {
              failed.set(e);
            } finally {
              boolean ignored = owing.remove(each.owner());
            }
          });
    }
  }

  private void keepResults(SettledBatch of) {
    Optional<List<String>> files = provider.resultFiles(of.service(), of.batch());
    if (files.isPresent()) {
      ledger.keepResults(of.id(), of.serviceId(), of.batch(), files.get());
    } else {
      ledger.postponeResults(of.id(), pause(of.checks(), LONGEST_RESULTS_PAUSE));
    }
  }

  static Duration pause(int checks) {
    return pause(checks, LONGEST_PAUSE);
  }

  private static Duration pause(int checks, Duration longest) {
    Duration pause = BatchReservations.FIRST_CHECK.multipliedBy(1L << Math.min(10, checks));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }

  /**
   * Returns how long to wait before the provider of a batch may be asked; zero if it can be asked
   * now.
   */
  private Duration rest(OpenBatch open) {
    Pause rest = rests.get(open.batch().account().instance());
    Instant now = clock.instant();
    return rest != null && rest.lasts(now) ? Duration.between(now, rest.until()) : Duration.ZERO;
  }

  /** Whether the service's pause has reached its maximum length. */
  private boolean isGivenUp(OpenBatch open) {
    Pause rest = rests.get(open.batch().account().instance());
    return rest != null && rest.length().equals(Pause.LONGEST);
  }

  /** Records whether a service's results were read to the end. */
  private void noteReading(Instance.Id service, boolean isRead) {
    if (isRead) {
      rests.remove(service);
    } else if (rests.size() < MOST_RESTS || rests.containsKey(service)) {
      Instant now = clock.instant();
      rests.compute(
          service, (id, last) -> last != null && last.lasts(now) ? last : Pause.after(last, now));
    }
  }

  private Optional<BatchReport> report(OpenBatch open) {
    return open.service().flatMap(service -> open.id().flatMap(id -> provider.report(service, id)));
  }

  /**
   * Returns the charge of the batch. Empty if the charge is not known yet.
   *
   * @param report the provider's report about the batch; empty if the provider does not answer
   * @param isResting whether the service has a pause, so that its provider was not asked
   */
  private Optional<BatchCharge> charge(
      OpenBatch open, Optional<BatchReport> report, boolean isResting) {
    Optional<BatchCharge> stated =
        report
            .filter(BatchReport::isOver)
            .flatMap(over -> stated(open, open.service().orElseThrow(), over));
    if (stated.isPresent()) {
      return stated;
    }
    if (!open.isOver() || (isResting && !isGivenUp(open))) {
      return Optional.empty();
    }
    List<PricedReservation> reserved = priced(open, Map.of());
    return Optional.of(
        open.id().isPresent() ? BatchCharge.most(reserved) : BatchCharge.unknown(reserved));
  }

  private Optional<BatchCharge> stated(OpenBatch open, Instance.Ref service, BatchReport report) {
    Map<String, CallPrices> asked = new HashMap<>();
    open.batch().models().forEach(of -> asked.put(of.model(), found(open, of.model())));
    List<PricedReservation> reserved = priced(open, asked);
    BatchCharge sum = ofFailed(open, report, reserved, Map.of());
    if (report.answered() == 0 && report.results().isEmpty() && report.usage().isEmpty()) {
      return Optional.of(sum);
    }
    Optional<StatedSum> usage =
        report.usage().filter(used -> report.answered() == 0 || !used.isNothing());
    boolean isSumEnough =
        BatchCharge.isSumEnough(reserved)
            && !BatchCharge.mayHaveFees(reserved, report.areFeesUsual());
    if (usage.isPresent() && (isSumEnough || report.results().isEmpty())) {
      sum.add(Optional.empty(), report.answered(), 0, tokens(usage.get()));
      return Optional.of(sum);
    }
    if (!read(service, open.batch(), report, sum)) {
      return Optional.empty();
    }
    Map<String, CallPrices> answering = answering(open, reserved, asked, sum.others());
    if (answering.isEmpty()) {
      return Optional.of(sum);
    }
    // The results are read again, because the lines are not kept in memory.
    BatchCharge each = ofFailed(open, report, reserved, answering);
    return read(service, open.batch(), report, each) ? Optional.of(each) : Optional.empty();
  }

  /**
   * Returns the charge of the requests that failed. The requests that were answered are added
   * later.
   */
  private static BatchCharge ofFailed(
      OpenBatch open,
      BatchReport report,
      List<PricedReservation> reserved,
      Map<String, CallPrices> answering) {
    boolean isStrict =
        open.budgets().stream().anyMatch(budget -> budget.bound() == BudgetBound.STRICT);
    BatchCharge charge = new BatchCharge(reserved, answering, isStrict);
    charge.add(Optional.empty(), report.failed(), report.failed(), TokenUsage.NONE);
    return charge;
  }

  /**
   * Returns the prices of models that answered in place of a requested model and have a different
   * price. As for calls, the price of the model that answered applies. If this model and a
   * requested model currently have the same price, the price that the requested model had when the
   * batch was accepted applies.
   *
   * @param asked the current prices of the requested models
   * @param others the models that answered, as in {@link BatchCharge#others}
   */
  private Map<String, CallPrices> answering(
      OpenBatch open,
      List<PricedReservation> reserved,
      Map<String, CallPrices> asked,
      Map<String, Set<String>> others) {
    Map<String, CallPrices> answering = new HashMap<>();
    others.forEach(
        (name, models) -> {
          CallPrices found = ModelName.isValid(name) ? found(open, name) : CallPrices.NONE;
          boolean isSame = models.stream().allMatch(model -> areSame(found, asked.get(model)));
          if (found.forService().isPresent() && !isSame) {
            answering.put(
                name,
                reserved.stream()
                    .filter(of -> areSame(found, asked.get(of.reserved().model())))
                    .map(PricedReservation::prices)
                    .filter(of -> of.forService().isPresent())
                    .findFirst()
                    .orElseGet(() -> ofOther(open, reserved, found, models)));
          }
        });
    return answering;
  }

  /**
   * Returns the prices of another model for requests in batches.
   *
   * @param models the requested models that the other model replaced
   */
  private static CallPrices ofOther(
      OpenBatch open, List<PricedReservation> reserved, CallPrices found, Set<String> models) {
    return BatchReservations.ofBatches(open.batch().provider(), found)
        .inPlaceOf(
            reserved.stream()
                .filter(of -> models.contains(of.reserved().model()))
                .flatMap(of -> of.prices().deployment().stream())
                .findFirst());
  }

  private static boolean areSame(CallPrices found, @Nullable CallPrices other) {
    return other != null
        && version(found.own()) == version(other.own())
        && version(found.deployment()) == version(other.deployment());
  }

  private static long version(Optional<Price> price) {
    return price.map(Price::version).orElse(0L);
  }

  /** Finds the prices that are now stored for the day on which a batch was accepted. */
  private CallPrices found(OpenBatch open, String model) {
    return lookup.find(
        new PricedModel(
            open.batch().account().instance(), open.batch().provider(), UsageModel.called(model)),
        dayOf(open));
  }

  private static LocalDate dayOf(OpenBatch open) {
    return LocalDate.ofInstant(open.acceptedAt(), ZoneOffset.UTC);
  }

  /**
   * Adds the usage from the result lines. Some providers also send a line for each request without
   * an answer. A line for a request without an answer has neither a model nor usage. If there are
   * fewer lines than answered requests, the expected usage is added for every missing line.
   *
   * @return whether all results were read
   */
  private boolean read(Instance.Ref service, NewBatch batch, BatchReport report, BatchCharge sum) {
    boolean isRead = !report.results().isEmpty();
    long[] found = {0};
    for (String each : report.results()) {
      isRead &=
          provider.readResults(
              service,
              each,
              (model, used, fees) -> {
                if (model.isPresent() || !used.isNothing()) {
                  found[0]++;
                  sum.answered(model, used, fees);
                }
              });
    }
    if (!report.results().isEmpty()) {
      noteReading(batch.account().instance(), isRead);
    }
    long asked = batch.models().stream().mapToLong(ReservedModel::requests).sum();
    long missing = Math.min(report.answered(), asked) - found[0];
    for (long i = 0; isRead && i < missing; i++) {
      sum.answered(Optional.empty(), TokenUsage.NONE, FeesUsed.NONE);
    }
    return isRead;
  }

  private static TokenUsage tokens(StatedSum sum) {
    long written = Math.min(sum.written(), Math.max(0, sum.input() - sum.cachedInput()));
    return TokenUsage.stated(
        sum.input(),
        sum.output(),
        new TokenParts(sum.cachedInput(), written, 0, sum.reasoning(), 0, 0, 0, 0, 0, 0));
  }

  /**
   * The prices at the time at which the batch was accepted, without prices that are no longer
   * known.
   *
   * @param asked the current prices of the requested models, to which the earlier versions are
   *     added
   */
  private List<PricedReservation> priced(OpenBatch open, Map<String, CallPrices> asked) {
    NewBatch batch = open.batch();
    Set<Long> versions = new HashSet<>();
    for (ReservedModel each : batch.models()) {
      versions.add(each.ownPrice());
      versions.add(each.deploymentPrice());
    }
    Map<Long, Price> known = new HashMap<>();
    PublishedPrices.BUNDLED
        .ofVersions(versions)
        .forEach(price -> known.put(price.version(), price));
    prices.ofVersions(versions).forEach(price -> known.put(price.version(), price));
    return batch.models().stream()
        .map(
            of ->
                new PricedReservation(
                    of,
                    BatchReservations.ofBatches(
                        batch.provider(),
                        ToolFees.addTo(
                                new CallPrices(
                                    Optional.ofNullable(known.get(of.ownPrice())),
                                    Optional.ofNullable(known.get(of.deploymentPrice())),
                                    ModelBounds.UNKNOWN),
                                batch.provider(),
                                of.model())
                            .withVersions(
                                asked.getOrDefault(of.model(), CallPrices.NONE).versions()))))
        .toList();
  }

  /**
   * Returns the usage of a batch. The usage counts for the day on which the batch was accepted,
   * like the batch's charges to budgets.
   */
  private static UsageBatch usage(OpenBatch open, List<ModelCharge> models) {
    NewBatch batch = open.batch();
    UsageCounts sum = UsageCounts.NONE;
    List<UsageRow> rows = new ArrayList<>(models.size());
    for (ModelCharge each : models) {
      sum = sum.plus(each.counts());
      rows.add(
          new UsageRow(
              dayOf(open),
              batch.account(),
              batch.source(),
              new CountedModel(UsageModel.called(each.model()), each.answered(), ServiceTier.BATCH),
              each.prices(),
              each.counts()));
    }
    Instant quarter = AccountCharge.quarterOf(open.acceptedAt());
    List<AccountCharge> charges = new ArrayList<>();
    if (sum.requests() > 0) {
      for (String account : batch.charged()) {
        charges.add(AccountCharge.of(account, quarter, sum));
      }
    }
    return new UsageBatch(batch.id(), 1, rows, charges);
  }
}
