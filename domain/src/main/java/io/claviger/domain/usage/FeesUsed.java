package io.claviger.domain.usage;

import io.claviger.domain.Amounts;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often one call used things for which a fee is charged. Immutable. Calls without such uses
 * share one instance.
 *
 * <p>Providers and callers choose the qualities, so the number of different pieces is limited.
 * After {@link #MOST} different pieces, a piece with a further quality is counted as one that is
 * charged at the highest fee of its kind. So nobody can lower a charge by stating many qualities.
 */
public final class FeesUsed {
  /** The maximum number of different pieces that are counted with their qualities. */
  public static final int MOST = 32;

  public static final FeesUsed NONE = new FeesUsed(Collections.emptySortedMap());

  private final SortedMap<FeePiece, Long> counts;

  private FeesUsed(SortedMap<FeePiece, Long> counts) {
    this.counts = counts;
  }

  /** Returns the use of the given number of pieces, whose quality is unknown. */
  public static FeesUsed of(FeeKind what, long count) {
    return of(new FeePiece(what, ""), count);
  }

  /**
   * Returns the use of the given number of pieces.
   *
   * @param count the number in the kind's units; a negative number is treated as 0
   */
  public static FeesUsed of(FeePiece piece, long count) {
    if (count <= 0) {
      return NONE;
    }
    SortedMap<FeePiece, Long> one = new TreeMap<>();
    one.put(piece, count);
    return new FeesUsed(Collections.unmodifiableSortedMap(one));
  }

  public boolean isNone() {
    return counts.isEmpty();
  }

  /** The used amount of each piece, in the unit of the piece's kind. Each number is at least 1. */
  public SortedMap<FeePiece, Long> counts() {
    return counts;
  }

  /** Returns the uses of a kind in the kind's units, summed over all qualities. */
  public long count(FeeKind what) {
    if (isNone()) {
      return 0; // creates no iterator, because most calls have no such uses
    }
    long sum = 0;
    for (Map.Entry<FeePiece, Long> each : counts.entrySet()) {
      sum = each.getKey().what() == what ? Amounts.sum(sum, each.getValue()) : sum;
    }
    return sum;
  }

  public FeesUsed plus(FeesUsed more) {
    if (isNone() || more.isNone()) {
      return isNone() ? more : this;
    }
    SortedMap<FeePiece, Long> sum = new TreeMap<>(counts);
    more.counts.forEach(
        (piece, count) -> {
          boolean isKept = sum.size() < MOST || piece.isUsual() || sum.containsKey(piece);
          Long unused =
              sum.merge(isKept ? piece : FeePiece.dearest(piece.what()), count, Amounts::sum);
        });
    return new FeesUsed(Collections.unmodifiableSortedMap(sum));
  }

  /** Returns these uses without the given ones. */
  public FeesUsed without(FeesUsed part) {
    if (isNone() || part.isNone()) {
      return this;
    }
    FeesUsed rest = NONE;
    for (Map.Entry<FeePiece, Long> each : counts.entrySet()) {
      long taken = part.counts.getOrDefault(each.getKey(), 0L);
      rest = rest.plus(of(each.getKey(), each.getValue() - taken));
    }
    return rest;
  }

  /**
   * Returns these uses, with the number of each piece reduced to the bound if it is larger. The
   * bound of a kind applies to the sum of all qualities of the kind.
   */
  public FeesUsed atMost(FeesUsed bound) {
    if (isNone()) {
      return this;
    }
    Map<FeeKind, Long> left = new EnumMap<>(FeeKind.class);
    SortedMap<FeePiece, Long> within = new TreeMap<>();
    counts.forEach(
        (piece, count) -> {
          long rest = left.computeIfAbsent(piece.what(), bound::count);
          long kept = Math.min(rest, count);
          left.put(piece.what(), rest - kept);
          if (kept > 0) {
            within.put(piece, kept);
          }
        });
    if (within.equals(counts)) {
      return this;
    }
    return within.isEmpty() ? NONE : new FeesUsed(Collections.unmodifiableSortedMap(within));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeesUsed that && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return "FeesUsed" + counts;
  }
}
