package io.claviger.domain.fairness;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A node's part of one capacity, and the calls that wait for more of it. A borrower's calls wait in
 * the order in which they came, and pass by what was granted to the borrower; between borrowers the
 * {@link CapacityAccount} decides. This class is not thread-safe, and times are milliseconds of the
 * node's own monotonic clock.
 *
 * @param <C> what stands for a waiting call
 */
public final class CapacityQueue<C> {
  /** How many calls of a service may wait on a node. */
  public static final int MOST_WAITING = 512;

  /** How many calls of one borrower may wait: an eighth. */
  public static final int MOST_OF_BORROWER = MOST_WAITING / 8;

  /** How often a call that the provider refused for its pace may take its place again. */
  public static final int MOST_RETURNS = 2;

  /** What was granted may be used this long; the account then regards the node as silent. */
  private static final long GOOD_FOR_MILLIS = CapacityAccount.SILENT_AFTER_MILLIS;

  /** The pace of a borrower is the average of about this many milliseconds. */
  private static final double PACE_MILLIS = 2_000;

  private final UUID node;
  private final Map<UUID, Borrower<C>> borrowers = new HashMap<>();
  private final List<C> displaced = new ArrayList<>();
  private int waiting;
  private long goodUntil;

  /**
   * @param now milliseconds
   */
  public CapacityQueue(UUID node, long now) {
    this.node = node;
    this.goodUntil = now;
  }

  /** What became of a call. */
  public enum Admission {
    /** It goes out now. */
    PASSED,
    /** It waits until it passes or leaves. */
    WAITING,
    /** Too many calls wait, so it is refused. */
    FULL
  }

  private static final class Borrower<C> {
    final ArrayDeque<Waiting<C>> calls = new ArrayDeque<>();
    int weight;
    PaceUse granted = PaceUse.NONE;
    PaceUse used = PaceUse.NONE;

    /** Calls for which nothing was granted in time would starve behind later ones, so all wait. */
    boolean maySkip() {
      return calls.isEmpty();
    }

    /** The use of calls that came in the last {@link #PACE_MILLIS}, decayed. */
    double calledLately;

    double inputLately;
    double outputLately;
    long paceAt;
  }

  private record Waiting<C>(C call, PaceUse use, long until) {}

  /**
   * Lets a call pass if enough was granted to its borrower, or makes it wait.
   *
   * @param use the call's use at most, as far as is known
   * @param until when the call does not wait any longer
   */
  public Admission admit(C call, UUID borrower, int weight, PaceUse use, long now, long until) {
    Borrower<C> of = borrower(borrower, weight, now);
    note(of, use, now);
    if (of.maySkip() && isGood(now) && of.granted.covers(use)) {
      pass(of, use);
      return Admission.PASSED;
    }
    if (until <= now || of.calls.size() >= MOST_OF_BORROWER || !hasRoomFor(of)) {
      return Admission.FULL;
    }
    of.calls.addLast(new Waiting<>(call, use, until));
    waiting++;
    return Admission.WAITING;
  }

  /**
   * Whether there is room, if need be after the last call of the borrower with the most waiting
   * calls for their weight has lost its place. This is the drop from the longest queue by which
   * Suter, Lakshman, Stiliadis and Choudhury (1998) keep queues with bounded room fair.
   */
  private boolean hasRoomFor(Borrower<C> of) {
    if (waiting < MOST_WAITING) {
      return true;
    }
    Borrower<C> longest = of;
    double most = (of.calls.size() + 1.0) / of.weight;
    for (Borrower<C> each : borrowers.values()) {
      double length = each.calls.size() / (double) each.weight;
      if (length > most) {
        most = length;
        longest = each;
      }
    }
    if (longest == of) {
      return false;
    }
    displaced.add(longest.calls.removeLast().call());
    waiting--;
    return true;
  }

  /** Removes and returns the calls that lost their places to others since the last time. */
  public List<C> takeDisplaced() {
    List<C> all = List.copyOf(displaced);
    displaced.clear();
    return all;
  }

  /** Puts a call that the provider refused for its pace before the other calls of its borrower. */
  public void putBack(C call, UUID borrower, int weight, PaceUse use, long now, long until) {
    borrower(borrower, weight, now).calls.addFirst(new Waiting<>(call, use, until));
    waiting++;
  }

  private Borrower<C> borrower(UUID id, int weight, long now) {
    Borrower<C> of =
        borrowers.computeIfAbsent(
            id,
            unused -> {
              Borrower<C> created = new Borrower<>();
              created.paceAt = now;
              return created;
            });
    of.weight = weight;
    return of;
  }

  private static void pass(Borrower<?> of, PaceUse use) {
    of.granted = of.granted.minus(use);
    of.used = of.used.plus(use);
  }

  private boolean isGood(long now) {
    return now < goodUntil;
  }

  private static void note(Borrower<?> of, PaceUse use, long now) {
    double kept = Math.exp((of.paceAt - now) / PACE_MILLIS);
    of.calledLately = of.calledLately * kept + use.calls();
    of.inputLately = of.inputLately * kept + use.input();
    of.outputLately = of.outputLately * kept + use.output();
    of.paceAt = now;
  }

  /**
   * Corrects what a call was expected to use when it is known better. What it used beyond that is
   * paid back by the borrower's next calls.
   */
  public void settle(UUID borrower, PaceUse expected, PaceUse used, long now) {
    Borrower<C> of = borrowers.get(borrower);
    if (of == null) {
      of = borrower(borrower, 1, now);
    }
    of.used = of.used.plus(used).minus(expected);
  }

  /** Removes the waiting calls for which a condition holds, such as that their callers hung up. */
  public List<C> remove(Predicate<C> which) {
    List<C> removed = new ArrayList<>();
    for (Borrower<C> of : borrowers.values()) {
      of.calls.removeIf(
          call -> {
            boolean leaves = which.test(call.call());
            if (leaves) {
              removed.add(call.call());
            }
            return leaves;
          });
    }
    waiting -= removed.size();
    return removed;
  }

  /** Removes the calls that have waited for as long as they may. */
  public List<C> removeOverdue(long now) {
    List<C> overdue = new ArrayList<>();
    for (Borrower<C> of : borrowers.values()) {
      of.calls.removeIf(
          call -> {
            boolean leaves = call.until() <= now;
            if (leaves) {
              overdue.add(call.call());
            }
            return leaves;
          });
    }
    waiting -= overdue.size();
    return overdue;
  }

  public int waiting() {
    return waiting;
  }

  /** States to the account what was used and what is wanted. */
  public CapacityStatement state(long now) {
    Map<UUID, CapacityStatement.Claim> claims = new HashMap<>();
    Iterator<Map.Entry<UUID, Borrower<C>>> each = borrowers.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<UUID, Borrower<C>> entry = each.next();
      Borrower<C> of = entry.getValue();
      note(of, PaceUse.NONE, now);
      if (!isGood(now)) {
        // The account counts it as used already.
        of.granted = PaceUse.NONE;
      }
      claims.put(entry.getKey(), claim(of));
      of.used = PaceUse.NONE;
      if (of.calls.isEmpty() && of.calledLately < 0.01) {
        each.remove();
      }
    }
    return new CapacityStatement(node, claims);
  }

  private CapacityStatement.Claim claim(Borrower<C> of) {
    PaceUse first = PaceUse.NONE;
    PaceUse further = PaceUse.NONE;
    PaceUse kept = of.granted;
    if (of.calls.isEmpty()) {
      PaceUse ahead = ahead(of);
      kept = atMost(of.granted, ahead);
      further = lacking(ahead, kept);
    } else {
      first = lacking(of.calls.getFirst().use(), kept);
      boolean isFirst = true;
      for (Waiting<C> call : of.calls) {
        further = isFirst ? further : further.plus(call.use());
        isFirst = false;
      }
      further = further.plus(ahead(of));
    }
    of.granted = kept;
    return new CapacityStatement.Claim(of.weight, of.used, kept, first, further);
  }

  /** What the borrower's calls of the next second will need if they come as they did of late. */
  private static PaceUse ahead(Borrower<?> of) {
    double seconds = PACE_MILLIS / 1_000;
    return of.calledLately < 0.5
        ? PaceUse.NONE
        : new PaceUse(
            (long) Math.ceil(of.calledLately / seconds),
            (long) Math.ceil(of.inputLately / seconds),
            (long) Math.ceil(of.outputLately / seconds));
  }

  private static PaceUse atMost(PaceUse use, PaceUse most) {
    return new PaceUse(
        Math.min(use.calls(), most.calls()),
        Math.min(use.input(), most.input()),
        Math.min(use.output(), most.output()));
  }

  /** What is missing; one call at least, where something is. */
  private static PaceUse lacking(PaceUse wanted, PaceUse has) {
    if (has.covers(wanted)) {
      return PaceUse.NONE;
    }
    return new PaceUse(
        Math.max(0, wanted.calls() - has.calls()),
        Math.max(0, wanted.input() - has.input()),
        Math.max(0, wanted.output() - has.output()));
  }

  /**
   * Takes over what the account granted.
   *
   * @param began when the account was asked
   * @return the calls that pass now, in the order in which they came
   */
  public List<C> apply(Map<UUID, PaceUse> granted, long began, long now) {
    goodUntil = began + GOOD_FOR_MILLIS;
    List<C> passing = new ArrayList<>();
    granted.forEach(
        (id, part) -> {
          Borrower<C> of = borrowers.get(id);
          if (of != null) {
            of.granted = of.granted.plus(part);
          }
        });
    for (Borrower<C> of : borrowers.values()) {
      while (isGood(now) && !of.calls.isEmpty() && of.granted.covers(of.calls.getFirst().use())) {
        Waiting<C> next = of.calls.removeFirst();
        waiting--;
        pass(of, next.use());
        passing.add(next.call());
      }
    }
    return passing;
  }
}
