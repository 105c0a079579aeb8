package io.claviger.domain.bills;

import io.claviger.domain.bills.Quantities.SignedMath;
import io.claviger.domain.prices.PriceNames;
import io.claviger.domain.usage.UsageCounts;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares an invoice with what Claviger counted in the month, by model if the invoice has models.
 * An invoice does not say what was used, so a reason explains as much as its calls can have cost.
 */
final class InvoiceComparison {
  private static final long MOST_DEARER = 10;

  private final Invoice.Content invoice;
  private final Collection<BilledCell> cells;
  private final BillSums sums;

  InvoiceComparison(Invoice.Content invoice, Collection<BilledCell> cells, BillSums sums) {
    this.invoice = invoice;
    this.cells = cells;
    this.sums = sums;
  }

  void compare() {
    boolean byModel = !invoice.models().isEmpty();
    SortedMap<String, UsageCounts> counted = new TreeMap<>();
    for (BilledCell cell : cells) {
      counted.merge(byModel ? cell.model : "", cell.counted, UsageCounts::plus);
      BillSums.Part unused = sums.name(BillReason.OWN_KEYS, -cell.ownKeyCost);
    }
    SortedMap<String, Long> billed = new TreeMap<>();
    if (byModel) {
      invoice
          .models()
          .forEach((name, part) -> billed.merge(PriceNames.undated(name), part, SignedMath::sum));
    } else {
      billed.put("", invoice.total());
    }
    billed.forEach((model, amount) -> counted.putIfAbsent(model, UsageCounts.NONE));
    counted.forEach((model, counts) -> explain(counts, billed.getOrDefault(model, 0L)));
  }

  private void explain(UsageCounts counts, long billed) {
    long left = SignedMath.sum(billed, -counts.cost().cost());
    if (Math.abs(left) > BillSums.HALF_A_CENT) {
      left = name(BillReason.DISPUTED, Math.clamp(left, 0, counts.disputed().cost()), left);
      long estimated = counts.cost().estimated();
      // What is estimated may have cost nothing, or four times as much.
      long most = SignedMath.sum(estimated, SignedMath.sum(estimated, estimated));
      left = name(BillReason.ESTIMATED, Math.clamp(left, -estimated, most), left);
      left = name(BillReason.NO_PRICE, Math.clamp(left, 0, mostWithoutPrice(counts)), left);
    }
    if (Math.abs(left) <= BillSums.HALF_A_CENT) {
      long unused = name(BillReason.ROUNDING, left, left);
    } else {
      sums.leaveUnexplained(left);
    }
  }

  /** The most that calls without a price cost, by what the others cost. */
  private static long mostWithoutPrice(UsageCounts counts) {
    long unpriced = counts.unpricedRequests() - counts.errors();
    if (unpriced <= 0) {
      return 0;
    }
    long priced = counts.cost().priced();
    long ofOne = priced == 0 ? 0 : Math.ceilDiv(counts.cost().cost(), priced);
    boolean overflows = Math.multiplyHigh(ofOne * MOST_DEARER, unpriced) != 0;
    return priced == 0 || overflows ? Long.MAX_VALUE : ofOne * MOST_DEARER * unpriced;
  }

  /** Names a part of what is left. Returns the rest. */
  private long name(BillReason reason, long amount, long left) {
    BillSums.Part unused = sums.name(reason, amount);
    return SignedMath.sum(left, -amount);
  }
}
