package io.claviger.domain.bills;

import io.claviger.domain.bills.Bill.Explained;
import io.claviger.domain.bills.Quantities.SignedMath;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A month's totals, and the amounts that each reason explains. */
final class BillSums {
  /**
   * Half a cent. Smaller differences can come from rounding, because invoices are rounded to cents.
   */
  static final long HALF_A_CENT = 5_000_000;

  private static final int MOST_NAMED = 3;

  private final Map<BillReason, Part> parts = new EnumMap<>(BillReason.class);
  private long ours;
  private long theirs;

  /**
   * The sum of the amounts that Claviger counted but the provider does not bill, as a negative
   * number. The sum includes amounts that a reason explains.
   */
  private long missing;

  private long unexplained;

  /** The amount that one reason explains in the month. */
  static final class Part {
    private long amount;

    /**
     * Whether the reason occurs in the month, even if the amounts that it explains add up to zero.
     */
    private boolean counts;

    private final SortedSet<LocalDate> days = new TreeSet<>();
    private final SortedSet<String> models = new TreeSet<>();

    private String detail() {
      StringBuilder detail = new StringBuilder();
      if (!models.isEmpty()) {
        detail.append(named(models.stream().limit(MOST_NAMED).toList(), models.size()));
      }
      if (!days.isEmpty()) {
        detail
            .append(detail.isEmpty() ? "" : "; ")
            .append(
                named(days.stream().limit(MOST_NAMED).map(Object::toString).toList(), days.size()));
      }
      return detail.toString();
    }

    private static String named(List<String> first, int all) {
      String names = first.stream().collect(Collectors.joining(", "));
      return all > first.size() ? names + " and " + (all - first.size()) + " more" : names;
    }
  }

  void add(BilledCell cell, long counted, long billed) {
    ours = SignedMath.sum(ours, counted);
    theirs = SignedMath.sum(theirs, billed);
    cell.named.forEach(
        (reason, amount) -> {
          Part part = name(reason, amount);
          part.days.add(cell.day);
          if (!cell.model.isEmpty()) {
            part.models.add(cell.model);
          }
        });
    leaveUnexplained(cell.unexplained());
  }

  Part name(BillReason reason, long amount) {
    Part part = parts.computeIfAbsent(reason, r -> new Part());
    part.amount = SignedMath.sum(part.amount, amount);
    part.counts |= amount != 0;
    missing = SignedMath.sum(missing, Math.min(0, amount));
    return part;
  }

  void leaveUnexplained(long amount) {
    unexplained = SignedMath.sum(unexplained, Math.abs(amount));
    missing = SignedMath.sum(missing, Math.min(0, amount));
  }

  long ours() {
    return ours;
  }

  long theirs() {
    return theirs;
  }

  /** Returns the amount that both the bill and Claviger's count contain. */
  long agreed() {
    return SignedMath.sum(ours, missing);
  }

  long unexplained() {
    return unexplained;
  }

  List<Explained> explained() {
    return parts.entrySet().stream()
        .filter(each -> each.getValue().counts)
        .map(each -> new Explained(each.getKey(), each.getValue().amount, each.getValue().detail()))
        .toList();
  }
}
