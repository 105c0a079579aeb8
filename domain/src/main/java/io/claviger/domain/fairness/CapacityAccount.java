package io.claviger.domain.fairness;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Divides what a provider allows in a minute among the borrowers of an account, on any number of
 * nodes.
 *
 * <p>Each borrower has a clock that advances by what the borrower is given, divided by the
 * borrower's weight, and whose clock is furthest behind is served next. This is start-time fair
 * queuing (Goyal, Vin and Cheng, 1996) over what all nodes have stated: a node receives what is due
 * to its own borrowers, and what is due to borrowers elsewhere stays until their node asks. The use
 * of a call is measured by the limit of which it takes the largest part, as in dominant resource
 * fairness (Ghodsi et al., 2011).
 *
 * <p>What a node was given counts as used until the node says that it was not. So a node that dies
 * loses it, and nothing is ever given twice. This class is not thread-safe.
 */
public final class CapacityAccount {
  /** A node that has not stated anything for so long has no part any more. */
  public static final long SILENT_AFTER_MILLIS = 2_000;

  /**
   * All borrowers who want something have had about this many turns when a second is given away.
   */
  private static final int TURNS_IN_SECOND = 4;

  private final PaceLimits limits;
  private final PaceBuckets buckets;
  private final Map<UUID, Borrower> borrowers = new HashMap<>();
  private final Map<UUID, Long> heardOf = new HashMap<>();

  /** How far the clocks of borrowers who wait have come; a returning borrower begins here. */
  private double clock;

  private long turns;

  /**
   * @param now milliseconds of the clock by which statements are timed
   */
  public CapacityAccount(PaceLimits limits, long now) {
    this.limits = limits;
    this.buckets = new PaceBuckets(limits, now);
  }

  private static final class Borrower {
    final Map<UUID, NodeClaim> claims = new LinkedHashMap<>();
    int weight = 1;
    double clock;

    boolean wantsNothing() {
      return claims.values().stream().allMatch(NodeClaim::wantsNothing);
    }
  }

  private static final class NodeClaim {
    PaceUse held = PaceUse.NONE;
    PaceUse first = PaceUse.NONE;
    PaceUse further = PaceUse.NONE;

    boolean wantsNothing() {
      return first.equals(PaceUse.NONE) && further.equals(PaceUse.NONE);
    }

    /**
     * What is granted at a time: the first call whole, then a few calls.
     *
     * @param portion about how many minutes of the scarcest limit the few calls should take
     */
    PaceUse next(PaceLimits limits, double portion) {
      if (!first.equals(PaceUse.NONE)) {
        return first;
      }
      double all = limits.minutesOf(further);
      return all > portion
          ? further.ofCalls(Math.max(1, (long) (further.calls() * portion / all)))
          : further;
    }

    void reduceBy(PaceUse granted) {
      if (!first.equals(PaceUse.NONE)) {
        first = PaceUse.NONE;
      } else {
        further = granted.calls() >= further.calls() ? PaceUse.NONE : further.minus(granted);
      }
    }
  }

  /**
   * Settles what a node states, and grants its next part.
   *
   * @param now milliseconds, by the same clock for all nodes
   * @return what each borrower may use on the node, in addition to what the node said that it kept
   */
  public Map<UUID, PaceUse> exchange(CapacityStatement statement, long now) {
    forgetSilent(now);
    heardOf.put(statement.node(), now);
    settle(statement);
    buckets.refill(now, largestWaiting());
    return grant(statement.node());
  }

  private void forgetSilent(long now) {
    Iterator<Map.Entry<UUID, Long>> each = heardOf.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<UUID, Long> node = each.next();
      if (now - node.getValue() > SILENT_AFTER_MILLIS) {
        each.remove();
        borrowers.values().forEach(borrower -> borrower.claims.remove(node.getKey()));
      }
    }
    borrowers.values().removeIf(borrower -> borrower.claims.isEmpty() && borrower.clock <= clock);
  }

  private void settle(CapacityStatement statement) {
    statement.borrowers().forEach((id, claim) -> settle(statement.node(), id, claim));
    for (Map.Entry<UUID, Borrower> entry : borrowers.entrySet()) {
      if (!statement.borrowers().containsKey(entry.getKey())) {
        NodeClaim gone = entry.getValue().claims.remove(statement.node());
        if (gone != null) {
          correct(entry.getValue(), PaceUse.NONE.minus(gone.held));
        }
      }
    }
  }

  private void settle(UUID node, UUID id, CapacityStatement.Claim stated) {
    Borrower borrower =
        borrowers.computeIfAbsent(
            id,
            unused -> {
              Borrower created = new Borrower();
              created.clock = clock;
              return created;
            });
    boolean returns = borrower.wantsNothing();
    NodeClaim claim = borrower.claims.computeIfAbsent(node, unused -> new NodeClaim());
    borrower.weight = stated.weight();
    correct(borrower, stated.used().plus(stated.kept()).minus(claim.held));
    if (returns) {
      borrower.clock = Math.max(borrower.clock, clock);
    }
    claim.held = stated.kept();
    claim.first = stated.first();
    claim.further = stated.further();
  }

  /** Charges what was used beyond a grant, or returns what was not. */
  private void correct(Borrower borrower, PaceUse more) {
    if (!more.equals(PaceUse.NONE)) {
      buckets.take(more);
      borrower.clock += advance(more, borrower.weight);
    }
  }

  private double advance(PaceUse use, int weight) {
    return limits.minutesOf(use) / weight;
  }

  private PaceUse largestWaiting() {
    PaceUse largest = PaceUse.NONE;
    for (Borrower borrower : borrowers.values()) {
      for (NodeClaim claim : borrower.claims.values()) {
        largest =
            new PaceUse(
                Math.max(largest.calls(), claim.first.calls()),
                Math.max(largest.input(), claim.first.input()),
                Math.max(largest.output(), claim.first.output()));
      }
    }
    return largest;
  }

  /** One borrower's turn among all, as if every node asked now. */
  private final class Turn {
    final UUID id;
    final Borrower borrower;
    final Map<UUID, NodeClaim> left = new LinkedHashMap<>();
    double at;
    long order = turns++;

    Turn(UUID id, Borrower borrower) {
      this.id = id;
      this.borrower = borrower;
      this.at = borrower.clock;
      borrower.claims.forEach(
          (node, claim) -> {
            if (!claim.wantsNothing()) {
              NodeClaim copy = new NodeClaim();
              copy.first = claim.first;
              copy.further = claim.further;
              left.put(node, copy);
            }
          });
    }
  }

  private Map<UUID, PaceUse> grant(UUID asking) {
    PriorityQueue<Turn> queue =
        new PriorityQueue<>(
            Comparator.<Turn>comparingDouble(turn -> turn.at)
                .thenComparingLong(turn -> turn.order));
    borrowers.forEach(
        (id, borrower) -> {
          if (!borrower.wantsNothing()) {
            queue.add(new Turn(id, borrower));
          }
        });
    double portion = 1 / 60.0 / TURNS_IN_SECOND / Math.max(1, queue.size());
    PaceBuckets left = buckets.copy();
    Map<UUID, PaceUse> granted = new HashMap<>();
    while (!queue.isEmpty()) {
      Turn turn = queue.poll();
      Map.Entry<UUID, NodeClaim> next = turn.left.entrySet().iterator().next();
      NodeClaim wanted = next.getValue();
      PaceUse part = wanted.next(limits, portion);
      if (!left.cover(part)) {
        clock = Math.max(clock, turn.at);
        return granted;
      }
      left.take(part);
      turn.at += advance(part, turn.borrower.weight);
      turn.order = turns++;
      if (next.getKey().equals(asking)) {
        granted.merge(turn.id, part, PaceUse::plus);
        NodeClaim claim = turn.borrower.claims.get(asking);
        claim.held = claim.held.plus(part);
        claim.reduceBy(part);
        buckets.take(part);
        turn.borrower.clock += advance(part, turn.borrower.weight);
      }
      turn.left.remove(next.getKey());
      wanted.reduceBy(part);
      if (!wanted.wantsNothing()) {
        turn.left.put(next.getKey(), wanted);
      }
      if (!turn.left.isEmpty()) {
        queue.add(turn);
      }
    }
    // Nobody waits, so nobody is owed anything.
    borrowers.values().forEach(borrower -> clock = Math.max(clock, borrower.clock));
    return granted;
  }
}
