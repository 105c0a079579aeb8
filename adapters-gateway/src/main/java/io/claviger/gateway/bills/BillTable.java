package io.claviger.gateway.bills;

import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The figures for a bill that Claviger has read from the provider so far. The provider might be
 * hostile, so Claviger stops reading if an answer contradicts itself or does not match the request.
 */
public final class BillTable {
  private final Optional<String> scope;
  private final LocalDate from;
  private final LocalDate to;
  private final Predicate<String> isSecret;
  private final Map<BillSource, Set<LocalDate>> seen = new EnumMap<>(BillSource.class);
  private final Map<BilledUsage.Subject, BilledUsage> usage = new LinkedHashMap<>();
  private final Map<BilledCost.Line, BilledCost> costs = new LinkedHashMap<>();
  private final Map<LocalDate, Integer> usageOfDays = new HashMap<>();
  private final Map<LocalDate, Integer> costsOfDays = new HashMap<>();

  /**
   * @param scope the project or workspace whose figures are requested; if empty, the figures of the
   *     whole organization are requested
   * @param isSecret a function that says whether a text in a provider's answer contains the key
   */
  public BillTable(
      Optional<String> scope, LocalDate from, LocalDate to, Predicate<String> isSecret) {
    this.scope = scope;
    this.from = from;
    this.to = to;
    this.isSecret = isSecret;
  }

  /**
   * Adds a page of a list.
   *
   * @return the token of the next page; empty if this was the last page
   * @throws UnreadableBill if the page can't be read
   */
  public Optional<String> add(BillSource source, byte[] body) {
    Set<LocalDate> days = seen.computeIfAbsent(source, s -> new HashSet<>());
    return BillPage.read(
        body,
        day -> {
          if (day.day().isBefore(from) || day.day().isAfter(to) || !days.add(day.day())) {
            throw new UnreadableBill(BillingFailure.OTHER_DAYS);
          }
          add(source, day);
        });
  }

  private void add(BillSource source, BillPage.Day day) {
    Set<String> groups = new HashSet<>();
    for (BillRow row : day.rows()) {
      if (!groups.add(row.group()) || row.texts().values().stream().anyMatch(isSecret)) {
        throw new UnreadableBill(BillingFailure.BILL_UNREADABLE);
      }
      if (source.isWithin(scope, row)) {
        add(source, day.day(), row);
      }
    }
  }

  private void add(BillSource source, LocalDate day, BillRow row) {
    if (source.isOfCosts()) {
      BilledCost cost = source.cost(day, row);
      BilledCost before = costs.get(cost.line());
      if (before == null) {
        count(costsOfDays, day);
      }
      costs.put(cost.line(), before == null ? cost : sum(before, cost));
    } else {
      BilledUsage used = source.usage(day, row);
      BilledUsage before = usage.get(used.subject());
      if (before == null) {
        count(usageOfDays, day);
      }
      usage.put(used.subject(), before == null ? used : before.plus(used));
    }
  }

  /**
   * Some results differ only in properties that Claviger does not distinguish, for example in the
   * project. The amounts of such results are added up.
   */
  private static BilledCost sum(BilledCost one, BilledCost other) {
    if (one.amount() > Long.MAX_VALUE - other.amount()) {
      throw new UnreadableBill(BillingFailure.AMOUNT_INVALID);
    }
    return new BilledCost(
        one.day(), one.lineItem(), one.model(), one.currency(), one.amount() + other.amount());
  }

  private static void count(Map<LocalDate, Integer> rows, LocalDate day) {
    if (rows.merge(day, 1, Integer::sum) > ProviderFigures.MOST_A_DAY) {
      throw new UnreadableBill(BillingFailure.BILL_TOO_LARGE);
    }
  }

  public ProviderFigures figures(Instant readAt) {
    return new ProviderFigures(List.copyOf(usage.values()), List.copyOf(costs.values()), readAt);
  }
}
