package io.claviger.domain.usage;

import io.claviger.domain.Amounts;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The number and cost of the uses for which a fee is charged, for each kind of fee. Immutable.
 * Calls without fees share one instance.
 */
public record ChargedFees(Map<FeeKind, Fee> of) {
  public static final ChargedFees NONE = new ChargedFees(Map.of());

  /**
   * The uses of one kind, such as web searches.
   *
   * @param uses a number of uses, in the kind's units
   * @param cost the cost of these uses in nano-dollars; 0 if their price was unknown
   */
  public record Fee(long uses, long cost) {
    public Fee {
      if (uses < 0 || cost < 0) {
        throw new IllegalArgumentException("counts must not be negative");
      }
    }

    private Fee plus(Fee more) {
      return new Fee(Amounts.sum(uses, more.uses), Amounts.sum(cost, more.cost));
    }

    private Fee minus(Fee part) {
      return new Fee(Amounts.difference(uses, part.uses), Amounts.difference(cost, part.cost));
    }
  }

  public ChargedFees {
    Map<FeeKind, Fee> used = new EnumMap<>(FeeKind.class);
    of.forEach(
        (kind, fee) -> {
          if (fee.uses() > 0 || fee.cost() > 0) {
            used.put(kind, fee);
          }
        });
    of = Collections.unmodifiableMap(used);
  }

  /**
   * The uses of one call, with their cost.
   *
   * @param costs a map with the cost of each kind's uses, in nano-dollars; a missing kind costs 0
   */
  public static ChargedFees of(FeesUsed used, Map<FeeKind, Long> costs) {
    if (used.isNone()) {
      return NONE;
    }
    Map<FeeKind, Fee> fees = new EnumMap<>(FeeKind.class);
    for (FeePiece piece : used.counts().keySet()) {
      FeeKind kind = piece.what();
      Fee unused =
          fees.computeIfAbsent(
              kind, each -> new Fee(used.count(each), costs.getOrDefault(each, 0L)));
    }
    return new ChargedFees(fees);
  }

  /** Returns these uses, with costs reduced so that their sum is at most the given nano-dollars. */
  public ChargedFees costingAtMost(long most) {
    if (isNone()) {
      return this;
    }
    Map<FeeKind, Fee> within = new EnumMap<>(FeeKind.class);
    long left = most;
    for (Map.Entry<FeeKind, Fee> each : of.entrySet()) {
      long cost = Math.min(left, each.getValue().cost());
      within.put(each.getKey(), new Fee(each.getValue().uses(), cost));
      left -= cost;
    }
    return new ChargedFees(within);
  }

  public boolean isNone() {
    return of.isEmpty();
  }

  public ChargedFees plus(ChargedFees more) {
    if (isNone() || more.isNone()) {
      return isNone() ? more : this;
    }
    Map<FeeKind, Fee> sum = new EnumMap<>(of);
    more.of.forEach(
        (kind, fee) -> {
          Fee unused = sum.merge(kind, fee, Fee::plus);
        });
    return new ChargedFees(sum);
  }

  ChargedFees minus(ChargedFees part) {
    if (isNone() || part.isNone()) {
      return this;
    }
    Map<FeeKind, Fee> rest = new EnumMap<>(of);
    part.of.forEach(
        (kind, fee) -> {
          Fee unused = rest.computeIfPresent(kind, (same, all) -> all.minus(fee));
        });
    return new ChargedFees(rest);
  }
}
