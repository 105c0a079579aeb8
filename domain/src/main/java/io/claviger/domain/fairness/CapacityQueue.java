package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * What a node may use of an account's limits, and the node's calls that wait until the node may use
 * more. A borrower's calls wait in the order of their arrival, and use the borrower's grants.
 * {@link CapacityAccount} decides which borrower gets how much. If the number of calls at a time is
 * limited, a call also needs one of the node's slots. This class is not thread-safe. Times are
 * milliseconds of the node's own monotonic clock.
 *
 * @param <C> the type of calls; two waiting calls are never equal
 */
public final class CapacityQueue<C> {
  /** The maximum number of calls that wait on a node for one account. */
  public static final int MOST_WAITING = 512;

  /** The greatest number of waiting calls of one borrower: an eighth of {@link #MOST_WAITING}. */
  public static final int MOST_OF_BORROWER = MOST_WAITING / 8;

  /**
   * The maximum number of times that a call returns to the queue because the provider has refused
   * the call due to the account's pace.
   */
  public static final int MOST_RETURNS = 2;

  /** The longest waiting time that {@link #estimatedWait} returns. */
  public static final Duration MOST_ESTIMATED = Duration.ofSeconds(60);

  /** The interval at which a node with calls exchanges statements and grants with the account. */
  public static final long EXCHANGE_MILLIS = 1_000;

  /** The shortest time between an exchange and an {@linkplain #isUrgent urgent} exchange. */
  public static final long URGENT_MILLIS = 250;

  /**
   * The time for which a grant may be used. This time ends before the account treats the node as
   * silent.
   */
  private static final long GOOD_FOR_MILLIS = CapacityAccount.SILENT_AFTER_MILLIS;

  /**
   * The maximum number of statements about limits, from the provider's answers, that are kept until
   * the next exchange.
   */
  private static final int MOST_LEARNED = 2 * PaceLimit.values().length;

  private final UUID node;
  private final BiPredicate<C, Optional<C>> room;
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
   * Creates a queue in which a waiting call needs nothing besides its place in this queue.
   *
   * @param now milliseconds
   */
  public CapacityQueue(UUID node, long now) {
    this(node, (call, displaced) -> true, now);
  }

  /**
   * @param room the function that reserves everything that a waiting call needs besides its place
   *     in this queue, and returns whether the call may wait. The function's second argument is the
   *     waiting call that loses its place to the new call; empty if this queue is not full. If the
   *     function returns false, no call loses its place
   * @param now milliseconds
   */
  public CapacityQueue(UUID node, BiPredicate<C, Optional<C>> room, long now) {
    this.node = node;
    this.room = room;
    this.goodUntil = now;
  }

  /** What happens to a call for which {@link #admit} was invoked. */
  public enum Admission {
    /** The call may be sent to the provider now. */
    PASSED,
    /** The call waits until it is admitted or leaves the queue. */
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
   * Admits a call if its borrower has a sufficient grant; otherwise makes the call wait. Whoever
   * invokes this method has to end an admitted call with {@link #settle} or {@link #putBack}.
   *
   * @param use how much the call can use at most, as far as it is known
   * @param until the time at which the call stops waiting
   */
  public Admission admit(C call, UUID borrower, int weight, PaceUse use, long now, long until) {
    QueuedBorrower<C> of = borrower(borrower, now);
    of.weighs(weight);
    // If calls of the borrower already wait, a new call waits, too: if it could pass at once, the
    // calls that wait for a grant might starve.
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
    if (until <= now || of.calls.size() >= MOST_OF_BORROWER || !makeRoom(call, of)) {
      return Admission.FULL;
    }
    add(new Waiting<>(call, of, use, weight, now, until, places++));
    return Admission.WAITING;
  }

  /**
   * Counts a call that is sent even if its borrower's grant is not sufficient. What the call uses
   * beyond the grant counts as used immediately, so no later grant has to cover it. A call that was
   * sent in this way is ended with {@link #settle}.
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
   * Makes room for one more call of the borrower. If the queue is full, the new call can take the
   * place of the last call of another borrower, namely of the borrower with the most waiting calls
   * relative to the weight. This is the algorithm "longest queue drop" (Suter, Lakshman, Stiliadis
   * and Choudhury, 1998), which keeps bounded queues fair.
   *
   * @return whether the call may wait; if not, all waiting calls keep their places
   */
  private boolean makeRoom(C call, QueuedBorrower<C> of) {
    if (waiting.size() < MOST_WAITING) {
      return room.test(call, Optional.empty());
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
    if (!room.test(call, Optional.of(last.call))) {
      return false;
    }
    take(last);
    displaced.add(last.call);
    return true;
  }

  /**
   * Removes and returns the calls that have lost their places to other calls since this method was
   * last invoked.
   */
  public List<C> takeDisplaced() {
    List<C> all = List.copyOf(displaced);
    displaced.clear();
    return all;
  }

  /**
   * Ends a call that the provider refused because of the account's pace. The call waits again, in
   * front of its borrower's other calls. Providers count such a call as a request, but do not count
   * its tokens.
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
   * Ends a call that was admitted. If the call used more than expected, less is left for its
   * borrower's next calls.
   *
   * @return the waiting calls that are admitted because this call has ended
   */
  public List<C> settle(UUID borrower, PaceUse expected, PaceUse used, long now) {
    return settle(borrower, expected, used, used, now);
  }

  /**
   * Ends a call that was sent.
   *
   * @param taken the amount that the provider counted against its limits for the call. What exceeds
   *     {@code used} is also charged to the borrower
   * @return the waiting calls that are admitted because this call has ended
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
   * Removes a waiting call, for example because its caller hung up; returns false if the call does
   * not wait.
   */
  public boolean remove(C call) {
    Waiting<C> found = waiting.get(call);
    if (found == null) {
      return false;
    }
    take(found);
    return true;
  }

  /**
   * Removes a waiting call. Unlike after {@link #remove}, this node's next statements still request
   * what the call would use, as if the call had been admitted. So the borrower's later calls find a
   * grant.
   */
  public boolean removeButRequest(C call, long now) {
    Waiting<C> found = waiting.get(call);
    if (found == null) {
      return false;
    }
    take(found);
    found.of.note(found.use, now);
    return true;
  }

  /**
   * Whether a call waits only because the account does not know the borrower's demand yet. A call
   * waits for this reason if the node has no valid grant, or if the last exchange left enough for
   * the borrower's waiting calls.
   */
  public boolean awaitsFirstGrant(C call, long now) {
    Waiting<C> found = waiting.get(call);
    return found != null
        && (!isGood(now)
            || (slots.areFree() && !pauses.concern(found.use, now) && isRoomLeft(found.of.wanted)));
  }

  /** Removes and returns the calls that have reached the end of their waiting time. */
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
   * Whether an exchange before the usual time might help. An early exchange might help in four
   * cases: the account does not know a waiting borrower, a call can't wait until the usual
   * exchange, the provider has refused a call, or the last exchange left enough for the waiting
   * calls. An early exchange must not shift the times of the usual exchanges, because nodes are
   * treated equally only if each node has one exchange per second.
   */
  public boolean isUrgent() {
    return isUrgent;
  }

  /** Returns the number of running calls. */
  public int running() {
    return slots.running();
  }

  /**
   * Estimates how long one more call of a borrower would have to wait: until the borrower's share
   * of the limits has sufficed for the waiting calls and the new call.
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
   * Keeps what an answer states about the provider's limits, and reports it to the account in the
   * next exchange.
   *
   * @param since the earliest time at which the provider could have counted the stated amounts
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
   * Treats a limit as used up from now until the end of the provider's pause. This node's next
   * statement tells other nodes about the pause.
   */
  public void pause(PaceRefusal refusal, long now) {
    pauses.add(refusal, now);
    isUrgent = true;
  }

  /**
   * Returns this node's statement to the account: the use of the node's calls, and the amounts that
   * the node wants. The stated use counts as reported only when the account's grant is {@link
   * #apply applied}. So if a statement is lost, the next statement repeats its content.
   */
  public CapacityStatement state(long now) {
    if (!isGood(now)) {
      slots.lose();
    }
    Map<UUID, CapacityStatement.Claim> claims = new HashMap<>();
    for (Map.Entry<UUID, QueuedBorrower<C>> entry : borrowers.entrySet()) {
      if (!isGood(now)) {
        // The grant has expired. The account already counts what is left of the grant as used.
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
   * @param began the time at which this node made the statement that the grant answers
   * @return the calls that are now admitted
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
   * Whether the last exchange left enough of all limits for the wanted use. If the result is true,
   * a call waits only because the account does not know the demand yet.
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
    // The next call is that of the borrower who is furthest behind their fair share.
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
