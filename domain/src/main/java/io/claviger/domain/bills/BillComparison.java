package io.claviger.domain.bills;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.Bill.Day;
import io.claviger.domain.bills.Bill.State;
import io.claviger.domain.bills.Quantities.SignedMath;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceNames;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a provider's bill with the usage that Claviger counted. Usage is compared by day, model
 * and key, and costs are compared by day and line of the bill. A difference in usage is valued at
 * Claviger's prices. The difference in costs that then remains comes from service tiers, fees,
 * rounding or the provider's prices.
 *
 * <p>False figures from a provider, or in an owner's invoice, change only this comparison: nobody
 * is charged because of it.
 */
public final class BillComparison {
  /**
   * The maximum number of days between the day on which a provider accepts a batch and the day on
   * which the provider counts it. Most batches end within one day.
   */
  private static final int MOST_DAYS_OF_BATCH = 2;

  /**
   * The number of days before and after a month that are compared together with the month. These
   * days are needed because a provider might assign a call around midnight to the day before or
   * after, and might count a batch even later.
   */
  public static final int DAYS_BESIDE = MOST_DAYS_OF_BATCH;

  private final YearMonth month;
  private final Prices prices;
  private final SortedMap<LocalDate, SortedMap<String, BilledCell>> cells = new TreeMap<>();
  private final SortedMap<LocalDate, ReadDay> read = new TreeMap<>();
  private final List<Day> rows = new ArrayList<>();
  private final BillSums sums = new BillSums();
  private final List<BilledCell> notRead = new ArrayList<>();

  /**
   * The amount that the provider has counted for the unfinished day. {@link #oursPreliminary} is
   * Claviger's amount for that day.
   */
  private long theirsPreliminary;

  private long oursPreliminary;
  private boolean hasInvoice;

  /** Finds the price that calls of a model through the service had on a day. */
  @FunctionalInterface
  public interface Prices {
    Optional<Price> find(LocalDate day, String model);
  }

  public BillComparison(YearMonth month, Prices prices) {
    this.month = month;
    this.prices = prices;
  }

  /**
   * Compares a month. This method may be called only once.
   *
   * @param days the days that were read from the provider, including {@link #DAYS_BESIDE} days
   *     before the month and as many after it
   * @param usage the usage that Claviger counted on the same days
   */
  public Bill compare(
      List<ReadDay> days, List<CountedUsage> usage, Optional<Invoice.Content> invoice) {
    usage.forEach(each -> cell(each.day(), each.model()).count(each));
    days.forEach(day -> take(day.withFewModels()));
    explainMoves();
    explainBatches();
    hasInvoice = invoice.isPresent();
    cells.forEach(
        (day, models) -> {
          if (YearMonth.from(day).equals(month)) {
            compareDay(day, models);
          }
        });
    return invoice.map(this::billed).orElseGet(this::read);
  }

  private void take(ReadDay day) {
    read.put(day.day(), day);
    for (BilledUsage each : day.usage()) {
      boolean ofOtherKey =
          day.lentKey().isPresent()
              && each.apiKeyId().filter(id -> !id.equals(day.lentKey().get())).isPresent();
      cell(day.day(), each.model().map(ModelName::value).orElse("")).bill(each, ofOtherKey);
    }
    for (BilledCost each : day.costs()) {
      BilledCell unused = cell(day.day(), each.model().map(ModelName::value).orElse(""));
    }
    if (statesUsage(day)) {
      cells.getOrDefault(day.day(), new TreeMap<>()).values().forEach(BilledCell::findDifference);
    }
  }

  /**
   * Whether the provider states usage for the given day. If the provider does, any model without
   * stated usage was not used on this day.
   */
  private static boolean statesUsage(ReadDay day) {
    return !day.usage().isEmpty() || day.costs().isEmpty();
  }

  /**
   * Returns the cell for a day and a model, and creates the cell if necessary. If the names of
   * several versions of a model differ only in a date at their end, these versions share one cell.
   */
  private BilledCell cell(LocalDate day, String model) {
    BilledCell cell =
        cells
            .computeIfAbsent(day, d -> new TreeMap<>())
            .computeIfAbsent(PriceNames.undated(model), name -> new BilledCell(day, name));
    if (cell.price.isEmpty() && !model.isEmpty()) {
      cell.price = prices.find(day, model);
    }
    return cell;
  }

  /**
   * Finds differences that cancel each other out exactly: between two successive days of one model,
   * or between two models on one day. The calls of the two days or models are then assumed to be
   * the same calls, because different calls hardly ever have exactly the same numbers of tokens by
   * chance.
   */
  private void explainMoves() {
    for (SortedMap<String, BilledCell> models : cells.values()) {
      Map<List<Long>, BilledCell> byTokens = new HashMap<>();
      for (BilledCell cell : models.values()) {
        BilledCell before =
            cells.getOrDefault(cell.day.minusDays(1), new TreeMap<>()).get(cell.model);
        if (before != null && areOpposite(before, cell)) {
          before.explainBy(BillReason.TIME_ZONE);
          cell.explainBy(BillReason.TIME_ZONE);
        }
        BilledCell other = byTokens.get(cell.difference().negated().tokens());
        if (other != null && areOpposite(other, cell)) {
          other.explainBy(BillReason.ANOTHER_MODEL);
          cell.explainBy(BillReason.ANOTHER_MODEL);
        }
        BilledCell unused = byTokens.put(cell.difference().tokens(), cell);
      }
    }
  }

  /**
   * Finds batches that the provider counts later than Claviger. Claviger counts a batch on the day
   * when the provider accepted it. The provider counts the batch when the batch's requests are
   * done. If the figures of the following days are not known yet, the provider might still count
   * the batch.
   */
  private void explainBatches() {
    for (SortedMap<String, BilledCell> models : cells.values()) {
      for (BilledCell cell : models.values()) {
        boolean isOpen = false;
        for (int days = 1; days <= MOST_DAYS_OF_BATCH; days++) {
          LocalDate later = cell.day.plusDays(days);
          BilledCell next = cells.getOrDefault(later, new TreeMap<>()).get(cell.model);
          if (next != null) {
            Quantities moved = cell.batchesNotBilled().common(next.batchesNotCounted());
            cell.moveBatches(moved.negated());
            next.moveBatches(moved);
          }
          ReadDay known = read.get(later);
          isOpen |= known == null || known.isPreliminary();
        }
        if (isOpen) {
          cell.moveBatches(cell.batchesNotBilled().negated());
        }
      }
    }
  }

  private static boolean areOpposite(BilledCell one, BilledCell other) {
    return !one.difference().hasNoTokens()
        && one.difference().negated().tokens().equals(other.difference().tokens());
  }

  private void compareDay(LocalDate day, SortedMap<String, BilledCell> models) {
    ReadDay stated = read.get(day);
    boolean inDollars =
        stated == null || stated.costs().stream().allMatch(cost -> cost.currency().equals("USD"));
    if (stated == null || !inDollars || stated.isPreliminary()) {
      models.values().forEach(cell -> leave(stated, inDollars, cell));
      return;
    }
    Map<BilledCell, Long> theirs = new HashMap<>();
    if (statesUsage(stated)) {
      models.values().forEach(BilledCell::explainUsage);
    }
    if (stated.costs().isEmpty()) {
      models.values().forEach(cell -> theirs.put(cell, cell.expected()));
    } else {
      theirs.putAll(new BilledCosts(stated, models, statesUsage(stated)).explain());
    }
    for (BilledCell cell : models.values()) {
      cell.name(BillReason.OWN_KEYS, -cell.ownKeyCost);
      State state =
          cell.unexplained() != 0
              ? State.UNEXPLAINED
              : cell.named.isEmpty() ? State.AGREED : State.EXPLAINED;
      add(cell, Optional.ofNullable(theirs.get(cell)), state);
    }
  }

  /**
   * Records that a cell can't be compared, because the day's figures were not read, the day is not
   * over, or the figures are in another currency.
   */
  private void leave(@Nullable ReadDay stated, boolean inDollars, BilledCell cell) {
    if (stated == null || !inDollars) {
      cell.named.clear();
      notRead.add(cell);
      if (!hasInvoice) {
        cell.name(BillReason.NOT_READ, -ours(cell));
      }
      add(cell, Optional.empty(), inDollars ? State.NOT_READ : State.NOT_COMPARED);
      return;
    }
    long theirs =
        stated.costs().isEmpty()
            ? cell.billed.plus(cell.billedToOthers).valueAt(cell.rates())
            : stated.costs().stream()
                .filter(cost -> BilledCosts.model(cost).equals(cell.model))
                .mapToLong(BilledCost::amount)
                .reduce(0, SignedMath::sum);
    cell.named.clear();
    cell.name(BillReason.RUNNING_DAY, SignedMath.sum(theirs, -ours(cell)));
    theirsPreliminary = SignedMath.sum(theirsPreliminary, theirs);
    oursPreliminary = SignedMath.sum(oursPreliminary, ours(cell));
    add(cell, Optional.of(theirs), State.PRELIMINARY);
  }

  private static long ours(BilledCell cell) {
    return SignedMath.sum(SignedMath.sum(cell.cost(), cell.ownKeyCost), -cell.shownElsewhere);
  }

  private void add(BilledCell cell, Optional<Long> theirs, State state) {
    sums.add(cell, ours(cell), theirs.orElse(0L));
    if (!cell.isEmpty() || theirs.orElse(0L) != 0) {
      Optional<String> model = Optional.of(cell.model).filter(name -> !name.isEmpty());
      rows.add(new Day(cell.day, model, theirs, ours(cell), state));
    }
  }

  private Optional<LocalDate> finalUntil() {
    return read.values().stream()
        .filter(day -> day.isFinal() && YearMonth.from(day.day()).equals(month))
        .map(ReadDay::day)
        .reduce((one, later) -> later);
  }

  private boolean isRead() {
    return read.keySet().stream().anyMatch(day -> YearMonth.from(day).equals(month));
  }

  /** Returns the bill according to the figures that were read from the provider. */
  private Bill read() {
    return isRead() ? bill("USD", Optional.of(sums.theirs())) : uncompared("USD", Optional.empty());
  }

  /** Returns the bill according to an invoice and the figures that were read from the provider. */
  private Bill billed(Invoice.Content invoice) {
    if (!invoice.isInDollars()) {
      return uncompared(invoice.currency(), Optional.of(invoice.total()));
    }
    InvoiceComparison comparison = new InvoiceComparison(notRead, sums);
    if (isRead()) {
      comparison.compare(withoutRunningDay(SignedMath.sum(invoice.total(), -sums.theirs())));
    } else {
      comparison.compare(invoice);
    }
    return bill("USD", Optional.of(invoice.total()));
  }

  /**
   * Subtracts the unfinished day's amount from an invoice's amount, and returns the remaining
   * amount. The invoice might contain that day completely, in part or not at all.
   */
  private long withoutRunningDay(long rest) {
    long more = Math.max(0, SignedMath.sum(oursPreliminary, -theirsPreliminary));
    long ofToday = Math.clamp(rest, -theirsPreliminary, more);
    BillSums.Part unused = sums.name(BillReason.RUNNING_DAY, ofToday);
    return SignedMath.sum(rest, -ofToday);
  }

  private Bill bill(String currency, Optional<Long> theirs) {
    return new Bill(
        month,
        currency,
        theirs,
        sums.ours(),
        Optional.of(sums.agreed()),
        sums.explained(),
        Optional.of(sums.unexplained()),
        rows,
        finalUntil());
  }

  private Bill uncompared(String currency, Optional<Long> theirs) {
    return new Bill(
        month,
        currency,
        theirs,
        sums.ours(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        rows,
        finalUntil());
  }
}
