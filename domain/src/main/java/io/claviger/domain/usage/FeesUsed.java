package io.claviger.domain.usage;

import io.claviger.domain.Amounts;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import java.util.function.UnaryOperator;

/**
 * How often one call used things for which a fee is charged. Immutable. Calls without such uses
 * share one instance.
 *
 * <p>Providers and callers choose the qualities, so the number of different pieces is limited.
 * After {@link #MOST} different pieces, a piece with a further quality is counted as one that is
 * charged at the highest fee of its kind. So nobody can lower a charge by stating many qualities.
 */
public final class FeesUsed {
  /**
   * The number of different pieces after which further qualities are no longer distinguished. A
   * call can have a few more pieces than this: for each kind, those without a quality, those of the
   * usual quality, and those that are charged at the highest fee.
   */
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
    return withCounts((piece, count) -> count - part.counts.getOrDefault(piece, 0L));
  }

  /**
   * Returns these uses with other numbers. Every piece keeps its quality. Leaves out pieces whose
   * number is 0 or negative.
   *
   * @param count the function that computes the number of a piece from the piece and its present
   *     number
   */
  public FeesUsed withCounts(ToLongBiFunction<FeePiece, Long> count) {
    SortedMap<FeePiece, Long> changed = new TreeMap<>();
    counts.forEach(
        (piece, before) -> {
          long number = count.applyAsLong(piece, before);
          if (number > 0) {
            changed.put(piece, number);
          }
        });
    return of(changed);
  }

  /** Returns these uses with other pieces. Uses of the same piece are added up. */
  public FeesUsed withPieces(UnaryOperator<FeePiece> piece) {
    SortedMap<FeePiece, Long> changed = new TreeMap<>();
    counts.forEach(
        (before, count) -> {
          Long unused = changed.merge(piece.apply(before), count, Amounts::sum);
        });
    return of(changed);
  }

  private static FeesUsed of(SortedMap<FeePiece, Long> counts) {
    return counts.isEmpty() ? NONE : new FeesUsed(Collections.unmodifiableSortedMap(counts));
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
    return of(within);
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
