package io.claviger.application.usage;

import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TransientFailure;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.usage.port.UsageStore.CountedRefusals;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.application.usage.port.UsageStore.UsageRefused;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts the usage of calls in memory, and stores it in batches. If the process is killed, the
 * usage since the last {@link #flush} is lost.
 */
public final class UsageCounter {
  /**
   * The maximum number of lines of usage that wait while the database can't be reached. When this
   * many lines wait, further usage is dropped.
   */
  private static final int MOST_WAITING = 100_000;

  private static final int BATCH = 1_000;

  /**
   * The maximum number of batches that wait after an attempt to store them failed, for example
   * because the database could not be reached. When this many batches wait, further batches are
   * dropped.
   */
  static final int MOST_PARTS = 1_000;

  private static final long A_DAY = Duration.ofDays(1).toSeconds();

  /**
   * The maximum number of calls that wait for their prices. When this many calls wait, further
   * calls are counted without a price.
   */
  private static final int MOST_UNPRICED = 10_000;

  private final UsageStore books;
  private final PriceBook prices;
  private final InstantSource clock;
  private final Consumer<List<UsageRow>> fresh;
  private final UUID writer = UUID.randomUUID();
  private final ReentrantLock writing = new ReentrantLock();
  private final Map<Line, UsageCounts> counted = new ConcurrentHashMap<>();

  /**
   * For each account, the models in the lines that wait to be stored. The number of models is
   * limited, so that no account can use up all lines by calling many model names.
   */
  private final Map<UsageAccount, Set<CountedModel>> models = new ConcurrentHashMap<>();

  private final LongAdder dropped = new LongAdder();
  private final ChargeCounter charges = new ChargeCounter();
  private final Map<Refusal, Long> refused = new ConcurrentHashMap<>();

  /**
   * The maximum time to wait for the price of a call while the price is being looked up for
   * budgets.
   */
  private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(5);

  private final BlockingQueue<Call> unpriced = new ArrayBlockingQueue<>(MOST_UNPRICED);

  private final UnstorableUsage unstorable;

  /**
   * A batch for which it is not known whether it was stored. The batch will be stored again without
   * changes.
   */
  private @Nullable UsageBatch doubtful;

  /**
   * The parts of batches that could not be stored as a whole. The parts are written before any
   * other usage. A part gets its number when it is written. A batch has at most about twenty parts
   * at a time, because only the first part is divided further.
   */
  private final Deque<UsageBatch> parts = new ArrayDeque<>();

  private long batches;

  private record Line(
      LocalDate day,
      UsageAccount account,
      KeySource source,
      CountedModel model,
      PriceVersions prices) {
    /**
     * Computes the hash from only two of the fields, because this method must be fast, and because
     * lines of usage seldom differ only in the remaining fields.
     */
    @Override
    public int hashCode() {
      return 31 * account.hashCode() + model.called().name().hashCode();
    }
  }

  private record Refusal(LocalDate day, UsageAccount account, String code) {
    /**
     * Computes the hash from only two of the fields, because this method must be fast, as it runs
     * for each refused call.
     */
    @Override
    public int hashCode() {
      return 31 * account.hashCode() + code.hashCode();
    }
  }

  /** A call whose prices are not known yet. */
  private record Call(
      Instant at,
      UsageAccount account,
      KeySource source,
      UsageModel model,
      UsageCounts counts,
      ChargedCall charged) {
    /**
     * Returns the amount that is charged for the call at the cached prices.
     *
     * @param find the function that finds prices in the cache
     * @return the charge; empty if a price is not in the cache
     */
    Optional<CallCharge> charge(Function<PricedModel, Optional<CallPrices>> find) {
      Optional<CallPrices> asked = find.apply(priced(model));
      UsageModel answering = charged.use().answeredBy();
      Optional<CallPrices> answered =
          AnswerPrices.isOther(model, answering) ? find.apply(priced(answering)) : asked;
      Map<UsageModel, CallPrices> others = new HashMap<>();
      for (UsageModel other : charged.others()) {
        Optional<CallPrices> known = find.apply(priced(other));
        if (known.isEmpty()) {
          return Optional.empty();
        }
        CallPrices unused = others.put(other, known.get());
      }
      return asked.flatMap(prices -> answered.map(by -> charge(prices, by, others)));
    }

    /**
     * Returns the amount that is charged for the call at the prices of the day on which the call
     * ended. If these prices are not cached, queries the database.
     */
    CallCharge chargeOnItsDay(PriceBook prices) {
      LocalDate day = dayOf(at);
      return charge(priced -> Optional.of(prices.find(priced, day))).orElseThrow();
    }

    private PricedModel priced(UsageModel one) {
      return new PricedModel(account.instance(), charged.charging().provider(), one);
    }

    CallCharge withoutPrices() {
      return charge(CallPrices.NONE, CallPrices.NONE, Map.of());
    }

    private CallCharge charge(
        CallPrices asked, CallPrices answered, Map<UsageModel, CallPrices> ofOthers) {
      return charged.charged(counts.bytesIn(), model, asked, answered, ofOthers);
    }
  }

  public UsageCounter(UsageStore books, PriceBook prices, InstantSource clock) {
    this(books, prices, clock, rows -> {}, line -> {});
  }

  /**
   * @param fresh the receiver to which each {@link #flush} gives the usage since the last flush,
   *     before this usage is stored
   * @param unstorable the receiver of a sentence about each line of usage that the database
   *     rejects, at most 20 per minute. The sentence contains ids, but no names or models
   */
  public UsageCounter(
      UsageStore books,
      PriceBook prices,
      InstantSource clock,
      Consumer<List<UsageRow>> fresh,
      Consumer<String> unstorable) {
    this.books = books;
    this.prices = prices;
    this.clock = clock;
    this.fresh = fresh;
    this.unstorable = new UnstorableUsage(clock, unstorable);
  }

  /** Counts usage of which the model is not known. Never blocks. */
  public void count(UsageAccount account, KeySource source, UsageCounts counts) {
    count(account, source, UsageModel.UNKNOWN, counts);
  }

  /**
   * Counts a call that was refused. Never blocks.
   *
   * @param source the source of the key that the call would have used; if empty, the call is
   *     counted only in the number of refusals with this code
   * @param code the code of the refusal
   */
  public void refuse(UsageAccount account, Optional<KeySource> source, String code) {
    source.ifPresent(key -> count(account, key, UsageCounts.REFUSED));
    Refusal line = new Refusal(dayOf(clock.instant()), account, code);
    if (refused.size() < MOST_WAITING || refused.containsKey(line)) {
      Long unused = refused.merge(line, 1L, Long::sum);
    } else {
      dropped.increment();
    }
  }

  /** Returns the number of lines of usage that wait to be stored. */
  public int waiting() {
    return counted.size() + refused.size() + charges.size();
  }

  /** Returns how many counts of usage were dropped because too many lines waited to be stored. */
  public long dropped() {
    return dropped.sum();
  }

  /**
   * Returns how many lines of usage, charges and refused calls are missing because the database
   * rejected them.
   */
  public long unstorable() {
    return unstorable.count();
  }

  private static LocalDate dayOf(Instant at) {
    return LocalDate.ofEpochDay(Math.floorDiv(at.getEpochSecond(), A_DAY));
  }

  /**
   * Counts usage. Never blocks. If more than {@link CountedModel#MOST} models of an account wait to
   * be stored, further models are counted as {@link CountedModel#OTHER}.
   */
  public void count(UsageAccount account, KeySource source, UsageModel model, UsageCounts counts) {
    count(clock.instant(), account, source, CountedModel.of(model), counts, PriceVersions.NONE);
  }

  /**
   * Counts a call that reached the provider. The usage states as cost the amount that is charged to
   * the budgets. Never blocks. If no budget needed the prices, and the prices are not cached, the
   * next {@link #flush} looks up the prices before it stores the call.
   */
  public void count(
      UsageAccount account,
      KeySource source,
      UsageModel model,
      UsageCounts counts,
      ChargedCall charged) {
    Call call = new Call(clock.instant(), account, source, model, counts, charged);
    Optional<CallCharge> charge =
        charged.later().isPresent()
            ? Optional.empty()
            : charged.charge().or(() -> call.charge(prices::findAtOnce));
    if (charge.isPresent() || !unpriced.offer(call)) {
      count(call, charge.orElseGet(call::withoutPrices));
    }
  }

  private void count(Call call, CallCharge charge) {
    Optional<CallCost> cost = charge.cost();
    UsageCounts counts =
        call.counts()
            .charged(charge.usage(), charge.disputed())
            .using(cost.isPresent() ? cost.get().fees() : ChargedFees.of(charge.fees(), Map.of()));
    UsageCounts priced =
        cost.map(
                c ->
                    counts.costing(new UsageCost(1, c.forService(), c.forCallers(), c.estimated())))
            .orElse(counts);
    PriceVersions versions = cost.map(CallCost::versions).orElse(PriceVersions.NONE);
    CountedModel model =
        new CountedModel(
            call.model(),
            call.charged().use().answeredBy(),
            charge.tier().or(call.charged()::tierAsked).orElse(ServiceTier.STANDARD));
    count(call.at(), call.account(), call.source(), model, priced, versions);
    charges.charge(call.charged().charging(), priced, call.at());
  }

  private void count(
      Instant at,
      UsageAccount account,
      KeySource source,
      CountedModel model,
      UsageCounts counts,
      PriceVersions versions) {
    LocalDate day = dayOf(at);
    if (!addIfWaiting(new Line(day, account, source, model, versions), counts)) {
      Line line = new Line(day, account, source, bounded(account, model), versions);
      if (counted.size() < MOST_WAITING) {
        UsageCounts unused = counted.merge(line, counts, UsageCounts::plus);
      } else if (!addIfWaiting(line, counts)) {
        dropped.increment();
      }
    }
  }

  /**
   * Adds a batch of usage that the database did not accept as a whole. The next {@link #flush}
   * stores the batch without the lines that the database rejects. If this object is storing usage,
   * this method waits until the usage is stored. If {@link #MOST_PARTS} batches or a total of
   * 100,000 lines are already waiting, the usage is dropped.
   */
  public void add(UsageBatch refusedBefore) {
    writing.lock();
    try {
      int lines = parts.stream().mapToInt(UsageBatch::size).sum();
      if (parts.size() < MOST_PARTS && lines + refusedBefore.size() <= MOST_WAITING) {
        parts.add(
            new UsageBatch(
                writer,
                0,
                refusedBefore.rows(),
                refusedBefore.charges(),
                refusedBefore.refusals()));
      } else {
        dropped.add(refusedBefore.size());
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Stores the counted usage. Usage that can't be stored now is kept for the next call of this
   * method. If the database rejects a line because of its content, the line is left out, so that it
   * does not block other lines.
   *
   * @throws StoreUnavailable if the database can't be reached
   * @throws RuntimeException if the prices of a call could not be read although the database is
   *     available; all usage, including the usage of this call, was stored nevertheless
   */
  public void flush() {
    writing.lock();
    try {
      writeParts();
      Optional<RuntimeException> failure = price();
      List<Line> lines = List.copyOf(counted.keySet());
      // Calls add further usage during the flush. The further usage has to wait for the next flush,
      // because this flush might otherwise never end.
      int most = Math.max(lines.size(), Math.max(charges.size(), refused.size()));
      for (int from = 0; from < most; from += BATCH) {
        List<Line> some =
            lines.subList(Math.min(lines.size(), from), Math.min(lines.size(), from + BATCH));
        List<UsageRow> rows = drain(some);
        List<AccountCharge> charged = charges.drain(BATCH);
        List<CountedRefusals> refusals = drainRefused();
        if (!rows.isEmpty() || !charged.isEmpty() || !refusals.isEmpty()) {
          // From here on, the batch is kept until it is stored, even if the receiver of its usage
          // fails.
          parts.add(new UsageBatch(writer, 0, rows, charged, refusals));
          fresh.accept(rows);
          writeParts();
        }
      }
      models.clear();
      if (failure.isPresent()) {
        throw failure.get();
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Counts calls whose prices were not known when the calls ended. If the database answers but a
   * call's prices can't be read, the call is counted without a price, so that it does not block
   * other usage.
   *
   * @return the reason why the prices of a call could not be read; empty if all prices were read
   */
  private Optional<RuntimeException> price() {
    Optional<RuntimeException> failure = Optional.empty();
    for (Call call = unpriced.peek(); call != null; call = unpriced.peek()) {
      Call priced = call;
      CallCharge charge;
      try {
        charge = chargeOfBudgets(call).orElseGet(() -> priced.chargeOnItsDay(prices));
      } catch (TransientFailure e) {
        throw e;
      } catch (RuntimeException e) {
        failure = Optional.of(e);
        charge = call.withoutPrices();
      }
      Call unused = unpriced.remove();
      count(call, charge);
    }
    return failure;
  }

  /**
   * Returns the amount that budgets are charged for a call whose price was looked up only after the
   * call. The usage then states the same amount. Waits for a look-up that has not ended.
   */
  private static Optional<CallCharge> chargeOfBudgets(Call call) {
    if (call.charged().later().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          call.charged().later().get().get(LONGEST_LOOKUP.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private List<UsageRow> drain(List<Line> lines) {
    List<UsageRow> rows = new ArrayList<>(lines.size());
    for (Line line : lines) {
      UsageCounts counts = counted.remove(line);
      if (counts != null) {
        rows.add(
            new UsageRow(
                line.day(), line.account(), line.source(), line.model(), line.prices(), counts));
      }
    }
    return rows;
  }

  private List<CountedRefusals> drainRefused() {
    List<CountedRefusals> drained = new ArrayList<>();
    for (Refusal line : List.copyOf(refused.keySet())) {
      Long calls = drained.size() < BATCH ? refused.remove(line) : null;
      if (calls != null) {
        drained.add(new CountedRefusals(line.day(), line.account(), line.code(), calls));
      }
    }
    return drained;
  }

  private CountedModel bounded(UsageAccount account, CountedModel model) {
    if (!model.isKnown()) {
      return model;
    }
    Set<CountedModel> counting = models.get(account);
    Set<CountedModel> known =
        counting != null
            ? counting
            : models.computeIfAbsent(account, a -> ConcurrentHashMap.newKeySet());
    if (known.contains(model)) {
      return model;
    }
    return known.size() < CountedModel.MOST && known.add(model) ? model : CountedModel.OTHER;
  }

  private void writeParts() {
    while (doubtful != null || !parts.isEmpty()) {
      UsageBatch batch = doubtful != null ? doubtful : parts.removeFirst().numbered(++batches);
      doubtful = batch;
      try {
        books.add(batch);
      } catch (UsageRefused e) {
        divide(batch, e.reason());
      }
      doubtful = null;
    }
  }

  /**
   * Divides a batch that the database has rejected, in order to find the line that caused the
   * rejection.
   */
  private void divide(UsageBatch batch, String reason) {
    if (batch.size() == 1) {
      unstorable.add(batch, reason);
      return;
    }
    int half = batch.size() / 2;
    parts.addFirst(batch.part(half, batch.size()));
    parts.addFirst(batch.part(0, half));
  }

  /**
   * Adds counts to a line of usage if the line is already waiting to be stored. Returns whether the
   * counts were added.
   */
  private boolean addIfWaiting(Line line, UsageCounts counts) {
    return counted.computeIfPresent(line, (same, before) -> before.plus(counts)) != null;
  }

  /**
   * Sums up the charges to each account for each quarter of an hour, and keeps the sums until they
   * are stored.
   */
  private final class ChargeCounter {
    /**
     * The maximum number of sums of charges that wait to be stored. Charges for which further sums
     * would be needed are dropped.
     */
    private static final int MOST_WAITING = 200_000;

    private final Map<Key, AccountCharge> charged = new ConcurrentHashMap<>();

    private record Key(String account, Instant quarter) {}

    /** Adds the charges of a call to the sums of the charged accounts. */
    void charge(ChargePolicy charging, UsageCounts counts, Instant at) {
      Instant quarter = AccountCharge.quarterOf(at);
      for (String account : charging.accounts()) {
        Key key = new Key(account, quarter);
        if (charged.size() < MOST_WAITING || charged.containsKey(key)) {
          AccountCharge unused =
              charged.merge(key, AccountCharge.of(account, quarter, counts), AccountCharge::plus);
        } else {
          dropped.increment();
        }
      }
    }

    /** Removes and returns up to {@code most} sums of charges. */
    List<AccountCharge> drain(int most) {
      List<AccountCharge> drained = new ArrayList<>();
      for (Key key : List.copyOf(charged.keySet())) {
        AccountCharge charge = drained.size() < most ? charged.remove(key) : null;
        if (charge != null) {
          drained.add(charge);
        }
      }
      return drained;
    }

    int size() {
      return charged.size();
    }
  }

  /**
   * Counts and reports the lines of usage that the database rejects although it is available. These
   * lines are not stored. An operator can find out from the reports what is missing.
   */
  static final class UnstorableUsage {
    /** The maximum number of reported lines per {@link #SPAN}. Further lines are only counted. */
    static final int MOST_REPORTED = 20;

    static final Duration SPAN = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Consumer<String> report;
    private final LongAdder all = new LongAdder();
    private Instant spanEnds = Instant.MIN;
    private int reportedInSpan;

    /**
     * @param report the receiver of a sentence about each line. The sentence has the ids of users,
     *     services and tokens, but no names or models, because people choose names and models
     *     freely
     */
    UnstorableUsage(InstantSource clock, Consumer<String> report) {
      this.clock = clock;
      this.report = report;
    }

    /** The number of lines of usage that the database has rejected. */
    long count() {
      return all.sum();
    }

    /**
     * Counts and reports all lines of a batch that the database has rejected. Only one thread at a
     * time may call this method.
     */
    void add(UsageBatch batch, String reason) {
      batch.rows().forEach(row -> add(textOf(row), reason));
      batch.charges().forEach(charge -> add(textOf(charge), reason));
      batch.refusals().forEach(refusals -> add(textOf(refusals), reason));
    }

    private void add(String line, String reason) {
      all.increment();
      Instant now = clock.instant();
      if (!now.isBefore(spanEnds)) {
        spanEnds = now.plus(SPAN);
        reportedInSpan = 0;
      }
      if (reportedInSpan < MOST_REPORTED) {
        reportedInSpan++;
        report.accept(line + " (" + reason + ")");
      }
    }

    private static String textOf(UsageRow row) {
      UsageCounts counts = row.counts();
      return "on %s %s: %d requests, %d errors, %d refused, %d tokens of input, %d of output, %d nano-dollars"
          .formatted(
              row.day(),
              textOf(row.account()),
              counts.requests(),
              counts.errors(),
              counts.refused(),
              counts.inputTokens(),
              counts.outputTokens(),
              counts.cost().cost());
    }

    private static String textOf(UsageAccount account) {
      return "of user " + account.user().value() + " on service " + account.instance().value();
    }

    private static String textOf(AccountCharge charge) {
      return "at %s, charged to %s: %d requests, %d tokens, %d nano-dollars"
          .formatted(
              charge.quarter(),
              charge.account(),
              charge.requests(),
              charge.tokens(),
              charge.nanoDollars());
    }

    private static String textOf(CountedRefusals refusals) {
      return "on %s %s: %d calls refused with %s"
          .formatted(refusals.day(), textOf(refusals.account()), refusals.calls(), refusals.code());
    }
  }
}
