package io.claviger.domain.usage;

import io.claviger.domain.Amounts;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What calls used that has a fee, by its kind, and what that cost. Immutable. Calls without fees
 * share one instance.
 */
public record ChargedFees(Map<FeeKind, Fee> of) {
  public static final ChargedFees NONE = new ChargedFees(Map.of());

  /**
   * What was used of one kind.
   *
   * @param uses how often, in the units of the kind
   * @param cost the part of the cost that is for it, in nano-dollars; 0 if there was no price
   */
  public record Fee(long uses, long cost) {
    public Fee {
      if (uses < 0 || cost < 0) {
        throw new IllegalArgumentException("counts are not negative");
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
   * What one call used, with its cost.
   *
   * @param costs what the uses of each kind cost, in nano-dollars; 0 unless given
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

  /** Returns the same uses, of which the costs together are at most this, in nano-dollars. */
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
