package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The part of one account's limits that a node may use, and the calls that wait until the node gets
 * more. A borrower's calls wait in the order of their arrival, and use the borrower's grants.
 * {@link CapacityAccount} decides which borrower gets how much. If the number of calls at a time is
 * limited, a call also needs one of the node's slots. This class is not thread-safe, and times are
 * milliseconds of the node's own monotonic clock.
 *
 * @param <C> the type that represents a call; two waiting calls are never equal
 */
public final class CapacityQueue<C> {
  /** The greatest number of calls that may wait on a node for one account. */
  public static final int MOST_WAITING = 512;

  /**
   * The greatest number of calls of one borrower that may wait: an eighth of {@link #MOST_WAITING}.
   */
  public static final int MOST_OF_BORROWER = MOST_WAITING / 8;

  /**
   * How often a call may return to the queue after the provider refused it because of the account's
   * pace.
   */
  public static final int MOST_RETURNS = 2;

  /** The longest wait that an estimate states. */
  public static final Duration MOST_ESTIMATED = Duration.ofSeconds(60);

  /** How often a node that has calls exchanges statements and grants with the account. */
  public static final long EXCHANGE_MILLIS = 1_000;

  /** The least time between an exchange and a later one that {@link #isUrgent is urgent}. */
  public static final long URGENT_MILLIS = 250;

  /** For how long a grant may be used; after that time, the account treats the node as silent. */
  private static final long GOOD_FOR_MILLIS = CapacityAccount.SILENT_AFTER_MILLIS;

  /**
   * The greatest number of statements about limits, from answers, that are kept until the next
   * exchange.
   */
  private static final int MOST_LEARNED = 2 * PaceLimit.values().length;

  private final UUID node;
  private final Map<UUID, QueuedBorrower<C>> borrowers = new HashMap<>();
  private final Map<C, Waiting<C>> waiting = new HashMap<>();
  private final TreeSet<Waiting<C>> byEnd =
      new TreeSet<>(
          Comparator.<Waiting<C>>comparingLong(each -> each.until)
              .thenComparingLong(each -> each.place));
  private final List<C> displaced = new ArrayList<>();
  private final List<Learned> learned = new ArrayList<>();
  private final NodeSlots slots = new NodeSlots();
  private final NodePauses pauses = new NodePauses();
  private ProviderLimits limits = ProviderLimits.NONE;
  private Map<PaceLimit, Long> left = Map.of();
  private long weights;
  private int learnedStated;
  private long places;
  private long goodUntil;
  private boolean isUrgent;
  private boolean isShort = true;

  /**
   * @param now milliseconds
   */
  public CapacityQueue(UUID node, long now) {
    this.node = node;
    this.goodUntil = now;
  }

  /** The result of requesting a call's turn. */
  public enum Admission {
    /** The call may be sent to the provider now. */
    PASSED,
    /** The call waits until it gets its turn or leaves the queue. */
    WAITING,
    /** Too many calls wait, so this call is refused. */
    FULL
  }

  /** A call that waits. */
  static final class Waiting<C> {
    final C call;
    final QueuedBorrower<C> of;
    final PaceUse use;
    final int weight;
    final long since;
    final long until;
    final long place;

    Waiting(
        C call, QueuedBorrower<C> of, PaceUse use, int weight, long since, long until, long place) {
      this.call = call;
      this.of = of;
      this.use = use;
      this.weight = weight;
      this.since = since;
      this.until = until;
      this.place = place;
    }
  }

  /**
   * Admits a call if enough was granted to its borrower, or makes it wait. The caller of this
   * method ends an admitted call with {@link #settle} or {@link #putBack}.
   *
   * @param use the greatest use that the call may have, as far as it is known
   * @param until the time at which the call stops waiting
   */
  public Admission admit(C call, UUID borrower, int weight, PaceUse use, long now, long until) {
    QueuedBorrower<C> of = borrower(borrower, now);
    of.weighs(weight);
    // If later calls passed at once, calls that still wait for a grant would starve. So all calls
    // wait.
    if (of.calls.isEmpty() && mayPass(of, use, now)) {
      pass(of, use, now);
      return Admission.PASSED;
    }
    isUrgent =
        isUrgent
            || !isGood(now)
            || !of.isStated()
            || until - now < EXCHANGE_MILLIS
            || isRoomLeft(of.wanted.plus(use));
    if (until <= now || of.calls.size() >= MOST_OF_BORROWER || !hasRoomFor(of)) {
      return Admission.FULL;
    }
    add(new Waiting<>(call, of, use, weight, now, until, places++));
    return Admission.WAITING;
  }

  /**
   * Counts a call that is sent even if not enough is left. A use that exceeds the grant is counted
   * as used, so that nothing has to be granted for it later. Such a call ends with {@link #settle}.
   */
  public void passAnyway(UUID borrower, int weight, PaceUse use, long now) {
    QueuedBorrower<C> of = borrower(borrower, now);
    of.weighs(weight);
    pass(of, use, now);
  }

  private boolean mayPass(QueuedBorrower<C> of, PaceUse use, long now) {
    return isGood(now) && slots.areFree() && of.granted.covers(use) && !pauses.concern(use, now);
  }

  private void pass(QueuedBorrower<C> of, PaceUse use, long now) {
    of.granted = of.granted.without(use);
    of.used = of.used.plus(use);
    of.note(use, now);
    slots.take(of.slots, now);
  }

  private void add(Waiting<C> call) {
    waiting.put(call.call, call);
    byEnd.add(call);
    call.of.calls.put(call.place, call);
    call.of.wanted = call.of.wanted.plus(call.use);
  }

  private void take(Waiting<C> call) {
    waiting.remove(call.call);
    byEnd.remove(call);
    call.of.calls.remove(call.place);
    call.of.wanted = call.of.wanted.minus(call.use);
  }

  /**
   * Whether the queue has room for one more call of the borrower. If the queue is full, the new
   * call may take the place of another borrower's last call. This is the borrower with the most
   * waiting calls relative to the borrower's weight. This is the algorithm "longest queue drop"
   * (Suter, Lakshman, Stiliadis and Choudhury, 1998), which keeps bounded queues fair.
   */
  private boolean hasRoomFor(QueuedBorrower<C> of) {
    if (waiting.size() < MOST_WAITING) {
      return true;
    }
    QueuedBorrower<C> longest = of;
    double most = (of.calls.size() + 1.0) / of.weight;
    for (QueuedBorrower<C> each : borrowers.values()) {
      double length = each.calls.size() / (double) each.weight;
      if (length > most) {
        most = length;
        longest = each;
      }
    }
    if (longest == of) {
      return false;
    }
    Waiting<C> last = longest.calls.lastEntry().getValue();
    take(last);
    displaced.add(last.call);
    return true;
  }

  /**
   * The calls that lost their places to other calls and were not yet removed by {@link
   * #takeDisplaced}.
   */
  public List<C> displaced() {
    return displaced.isEmpty() ? List.of() : List.copyOf(displaced);
  }

  /**
   * Removes and returns the calls that lost their places to other calls since this method was last
   * called.
   */
  public List<C> takeDisplaced() {
    List<C> all = List.copyOf(displaced);
    displaced.clear();
    return all;
  }

  /**
   * Ends a call that was sent and that the provider refused because of the account's pace. The call
   * then waits before the other calls of its borrower. Providers count such a call as a request,
   * but do not count its tokens.
   */
  public void putBack(C call, UUID borrower, int weight, PaceUse use, long now, long until) {
    QueuedBorrower<C> of = borrower(borrower, now);
    end(of, use, PaceUse.ofCall(0, 0), now);
    of.weighs(weight);
    add(new Waiting<>(call, of, use, weight, now, until, - ++places));
    isUrgent = true;
  }

  private QueuedBorrower<C> borrower(UUID id, long now) {
    return borrowers.computeIfAbsent(id, unused -> new QueuedBorrower<>(now));
  }

  private boolean isGood(long now) {
    return now < goodUntil;
  }

  /**
   * Ends a call that was admitted. If the call used more than expected, the excess is subtracted
   * from what the borrower's next calls get.
   *
   * @return the waiting calls that are admitted because this call has ended
   */
  public List<C> settle(UUID borrower, PaceUse expected, PaceUse used, long now) {
    return settle(borrower, expected, used, used, now);
  }

  /**
   * Ends a call that was sent.
   *
   * @param taken the amount that the provider counted for the call against its limits; the part
   *     beyond {@code used} is charged to the borrower
   * @return the waiting calls that are admitted now that this call has ended
   */
  public List<C> settle(UUID borrower, PaceUse expected, PaceUse used, PaceUse taken, long now) {
    QueuedBorrower<C> of = borrower(borrower, now);
    end(of, expected, used, now);
    of.beyond = of.beyond.plus(taken.without(used));
    return slots.areLimited() ? passing(now) : List.of();
  }

  private void end(QueuedBorrower<C> of, PaceUse expected, PaceUse used, long now) {
    of.used = of.used.plus(used).minus(expected);
    of.unused = of.unused.plus(expected.without(used));
    of.noteEnded(now);
    slots.free(of.slots, now);
  }

  /**
   * Removes a waiting call, such as one whose caller hung up; returns false if the call does not
   * wait.
   */
  public boolean remove(C call) {
    Waiting<C> found = waiting.get(call);
    if (found == null) {
      return false;
    }
    take(found);
    return true;
  }

  /** Removes and returns the calls whose time to wait is over. */
  public List<C> removeOverdue(long now) {
    List<C> overdue = new ArrayList<>();
    while (!byEnd.isEmpty() && byEnd.first().until <= now) {
      Waiting<C> first = byEnd.first();
      take(first);
      overdue.add(first.call);
    }
    return overdue;
  }

  public int waiting() {
    return waiting.size();
  }

  /**
   * Whether an exchange before the usual time may help. An early exchange may help in four cases: a
   * waiting borrower is unknown to the account, a call can't wait until the usual exchange, the
   * provider refused a call, or the last exchange left enough for the waiting calls to be sent. An
   * additional exchange must not change the times of the usual ones, because shares are even only
   * if each node makes one exchange a second.
   */
  public boolean isUrgent() {
    return isUrgent;
  }

  /** How many calls are under way. */
  public int running() {
    return slots.running();
  }

  /**
   * Estimates how long one more call of a borrower would wait: the time in which the borrower's
   * present share provides enough for the borrower's waiting calls and this one.
   *
   * @return the estimated time, from 1 second to {@link #MOST_ESTIMATED}
   */
  public Duration estimatedWait(UUID borrower, PaceUse use, long now) {
    QueuedBorrower<C> of = borrowers.get(borrower);
    PaceUse needed = of == null ? use : of.wanted.plus(use).minus(of.granted);
    double weight = of == null ? CapacityTerms.USUAL_WEIGHT : of.weight;
    double share = weight / Math.max(weight, (double) weights);
    double overdrawn = 0;
    for (Map.Entry<PaceLimit, Long> limit : limits.perMinute().each().entrySet()) {
      double missing = -left.getOrDefault(limit.getKey(), 0L) / (double) limit.getValue();
      overdrawn = Math.max(overdrawn, missing);
    }
    double minutes = Math.max(0, limits.perMinute().minutesOf(needed)) / share + overdrawn;
    double millis = minutes * 60_000 + pauses.longest(now);
    if (slots.areLimited() && !slots.areFree()) {
      double endsInSecond = of == null ? 0 : of.endedInSecond(now);
      double before = of == null ? 1 : of.calls.size() + 1.0;
      millis = Math.max(millis, before * 1_000 / Math.max(endsInSecond, 1));
    }
    return Duration.ofMillis(Math.clamp((long) millis, 1_000, MOST_ESTIMATED.toMillis()));
  }

  /**
   * Keeps what an answer stated about the provider's limits, until it is reported in the next
   * exchange with the account.
   *
   * @param since the earliest time at which the provider may have counted the stated amounts
   */
  public void learn(LimitStatement stated, long since) {
    for (int each = learnedStated; each < learned.size(); each++) {
      LimitStatement other = learned.get(each).stated;
      if (other.limit() == stated.limit() && other.window().equals(stated.window())) {
        learned.set(each, new Learned(stated, since));
        return;
      }
    }
    if (learned.size() < MOST_LEARNED) {
      learned.add(new Learned(stated, since));
    }
  }

  private record Learned(LimitStatement stated, long since) {}

  private LimitStatement at(Learned answer, long now) {
    LimitStatement stated = answer.stated;
    long known = limits.perMinute().each().getOrDefault(stated.limit(), 0L);
    return stated.after(now - answer.since, known);
  }

  /**
   * Treats a limit as used up from now on. Other nodes learn of the pause from what this node
   * states next.
   */
  public void pause(PaceRefusal refusal, long now) {
    pauses.add(refusal, now);
    isUrgent = true;
  }

  /**
   * Returns what this node states to the account: the use of its calls, and the amounts that it
   * wants. The stated use is settled when the account's grant is {@link #apply applied}. If a
   * statement is lost, the next statement repeats the content of the lost one.
   */
  public CapacityStatement state(long now) {
    if (!isGood(now)) {
      slots.lose();
    }
    Map<UUID, CapacityStatement.Claim> claims = new HashMap<>();
    for (Map.Entry<UUID, QueuedBorrower<C>> entry : borrowers.entrySet()) {
      if (!isGood(now)) {
        // The account already counts the rest of this grant as used.
        entry.getValue().granted = PaceUse.NONE;
      }
      claims.put(entry.getKey(), entry.getValue().claim(now, slots.mostToStart(), isShort));
    }
    learnedStated = learned.size();
    isUrgent = false;
    return new CapacityStatement(
        node,
        claims,
        slots.held(),
        learned.stream().map(each -> at(each, now)).toList(),
        pauses.state(now));
  }

  /**
   * Adopts the account's grant.
   *
   * @param began the time at which the statement for this grant was made
   * @return the calls that are admitted now
   */
  public List<C> apply(CapacityGrant grant, long began, long now) {
    goodUntil = began + GOOD_FOR_MILLIS;
    limits = grant.limits();
    weights = grant.weights();
    left = grant.left();
    learned.subList(0, Math.min(learnedStated, learned.size())).clear();
    learnedStated = 0;
    pauses.apply(grant, began);
    slots.apply(grant);
    borrowers
        .entrySet()
        .removeIf(
            entry -> {
              QueuedBorrower<C> of = entry.getValue();
              of.settleStated();
              of.granted =
                  of.granted.plus(grant.parts().getOrDefault(entry.getKey(), PaceUse.NONE));
              of.slots.share(grant.shares().get(entry.getKey()), of.weight, now);
              return of.isIdle(now);
            });
    List<C> passing = passing(now);
    isShort = grant.isShort() || grant.pause() > 0 || !grant.pauses().isEmpty();
    isUrgent = isUrgent || (!byEnd.isEmpty() && isRoomLeft(byEnd.first().use));
    return passing;
  }

  /**
   * Whether the last exchange left enough for a waiting use. If it did, the use waits only because
   * the account does not know yet that somebody wants this use.
   */
  private boolean isRoomLeft(PaceUse wanted) {
    return !isShort
        && !left.isEmpty()
        && left.entrySet().stream()
            .allMatch(limit -> limit.getValue() >= limit.getKey().partOf(wanted));
  }

  private List<C> passing(long now) {
    List<C> passing = new ArrayList<>();
    if (!isGood(now)) {
      return passing;
    }
    if (!slots.areLimited()) {
      for (QueuedBorrower<C> of : borrowers.values()) {
        while (isReady(of, now)) {
          passFirst(of, now, passing);
        }
      }
      return passing;
    }
    // The borrower who is furthest behind the share that is due to them goes next.
    PriorityQueue<Next<C>> order = new PriorityQueue<>(Comparator.comparingDouble(Next::clock));
    for (QueuedBorrower<C> of : borrowers.values()) {
      if (isReady(of, now)) {
        order.add(new Next<>(of, of.slots.clock(now)));
      }
    }
    while (!order.isEmpty() && slots.areFree()) {
      QueuedBorrower<C> of = order.remove().of();
      passFirst(of, now, passing);
      if (isReady(of, now)) {
        order.add(new Next<>(of, of.slots.clock(now)));
      }
    }
    return passing;
  }

  private record Next<C>(QueuedBorrower<C> of, double clock) {}

  private boolean isReady(QueuedBorrower<C> of, long now) {
    return !of.calls.isEmpty() && mayPass(of, of.calls.firstEntry().getValue().use, now);
  }

  private void passFirst(QueuedBorrower<C> of, long now, List<C> passing) {
    Waiting<C> first = of.calls.firstEntry().getValue();
    take(first);
    pass(of, first.use, now);
    passing.add(first.call);
  }
}
