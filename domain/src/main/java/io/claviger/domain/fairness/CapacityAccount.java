package io.claviger.domain.fairness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A provider sets limits for an account. This class divides these limits among the account's
 * borrowers. The borrowers' calls come from any number of nodes.
 *
 * <p>Each borrower has a (virtual) clock. A grant moves the borrower's clock forward by the granted
 * amount divided by the borrower's weight. The borrower whose clock is furthest behind gets the
 * next grant. The method is start-time fair queuing (Goyal, Vin and Cheng, 1996), applied to the
 * statements of all nodes. In an exchange, a node receives the grants for the borrowers whose calls
 * it handles. What is due to a borrower on another node is kept until that node makes its own
 * exchange. The size of a call is the fraction of a limit that it uses. If there are several
 * limits, the largest fraction decides, as in dominant resource fairness (Ghodsi et al., 2011).
 *
 * <p>A grant counts as used until its node reports that it was not used. So no amount is ever
 * granted twice, and if a node dies, its grants are lost. This class is not thread-safe.
 */
public final class CapacityAccount {
  /** A node that has made no statement for this time loses its grants and slots. */
  public static final long SILENT_AFTER_MILLIS = 2_000;

  /**
   * The approximate number of turns in which each waiting borrower gets its share of the amount
   * that the limits allow in one second.
   */
  private static final int TURNS_IN_SECOND = 8;

  /**
   * If no borrower has to wait, a part of the remaining amount is granted before anybody requests
   * it: the remaining amount divided by this number.
   */
  private static final double SPARE_PART = 8;

  /**
   * The maximum number of borrowers. Additional borrowers get no grants until others have left.
   * {@link #MOST_CLAIMS} is the maximum number of pairs of a borrower and a node on which the
   * borrower has calls.
   */
  static final int MOST_BORROWERS = 4_096;

  static final int MOST_CLAIMS = 16_384;

  /** The greatest length of a written state in bytes. */
  public static final int MOST_BYTES = 2 * 1024 * 1024;

  private static final int VERSION = 3;

  /**
   * The largest debt of a borrower whose calls used more than their grants. The unit of this and
   * the following constants is a minute of the limits: the amount that a limit allows in one
   * minute.
   */
  private static final double MOST_OWED_MINUTES = 1;

  /**
   * The greatest lead that a borrower can get over other borrowers by returning grants. Without
   * this bound, a borrower could gain an advantage if a use is charged under one limit and returned
   * under another.
   */
  private static final double MOST_AHEAD_MINUTES = PaceBuckets.BURST_MILLIS / 60_000.0;

  /** The amount that is set aside for a large call of a borrower with little recent use. */
  private static final double UNPROVEN_MINUTES = 0.05;

  /**
   * The largest amount that is set aside for a call while other borrowers wait, even if its
   * borrower's recent use is larger.
   */
  private static final double MOST_PROVEN_MINUTES = 0.1;

  /** The time constant with which a borrower's past use decays. */
  private static final double PROVEN_MILLIS = 300_000;

  private static final SlotLeases.Lease NO_LEASE = new SlotLeases.Lease(0, 0, Map.of());
  private static final SlotLeases.Lease NO_LIMIT =
      new SlotLeases.Lease(Integer.MAX_VALUE, Integer.MAX_VALUE, Map.of());

  private final ProviderLimits all;
  private final PaceLimits limits;
  private final PaceBuckets buckets;
  private final SlotLeases slots;
  private final Map<UUID, Borrower> borrowers = new HashMap<>();

  /**
   * The highest time at which a borrower's clock stood when the borrower got a grant. Grants that
   * were made after another borrower had to wait do not count. A returning borrower's clock starts
   * at this time, so that the returning borrower is served before borrowers who have already been
   * served and want more.
   */
  private double clock;

  private long turns;
  private long at;

  /** Whether, at the last exchange, a borrower wanted more than the remaining amount. */
  private boolean isShort;

  /**
   * Creates an account that was not used in the last minute, so that the buckets of all its limits
   * are full.
   *
   * @param now the time in milliseconds, by the clock that also times the statements
   */
  public CapacityAccount(ProviderLimits limits, long now) {
    this(limits, new PaceBuckets(limits.perMinute(), now, true), new SlotLeases(now), now);
  }

  private CapacityAccount(ProviderLimits all, PaceBuckets buckets, SlotLeases slots, long now) {
    this.all = all;
    this.limits = all.perMinute();
    this.buckets = buckets;
    this.slots = slots;
    this.at = now;
  }

  /**
   * Returns an account whose past use is not known. So the buckets of its limits are empty at
   * first, and slots for concurrent calls are leased only when all earlier leases of nodes have
   * certainly expired.
   */
  public static CapacityAccount empty(ProviderLimits limits, long now) {
    return new CapacityAccount(
        limits,
        new PaceBuckets(limits.perMinute(), now, false),
        new SlotLeases(now + SILENT_AFTER_MILLIS + 1),
        now);
  }

  /**
   * Reads a state that {@link #write} wrote. If the state can't be read, returns an {@link #empty}
   * account.
   *
   * @param limits the present limits. If a limit has changed, its remaining amount changes in
   *     proportion
   */
  public static CapacityAccount read(byte[] state, ProviderLimits limits, long now) {
    if (state.length > MOST_BYTES) {
      return empty(limits, now);
    }
    StateReader from = new StateReader(state);
    try {
      from.check();
      from.number(VERSION, VERSION);
      long at = from.number();
      PaceBuckets buckets = PaceBuckets.read(from, limits.perMinute());
      CapacityAccount read = new CapacityAccount(limits, buckets, SlotLeases.read(from), at);
      read.clock = from.fraction();
      int count = from.count(MOST_BORROWERS);
      for (int b = 0; b < count; b++) {
        read.borrowers.put(from.id(), Borrower.read(from));
      }
      from.end();
      return read;
    } catch (StateReader.UnreadableState e) {
      return empty(limits, now);
    }
  }

  /**
   * The state of a borrower on all nodes.
   *
   * @param weight the highest weight of the borrower's calls
   * @param waiting the number of the borrower's waiting calls
   */
  public record BorrowerState(int weight, int waiting) {
    public BorrowerState plus(BorrowerState other) {
      return new BorrowerState(Math.max(weight, other.weight), waiting + other.waiting);
    }
  }

  /** Returns the borrowers with calls that wait, run or have just ended. */
  public Map<UUID, BorrowerState> borrowers() {
    Map<UUID, BorrowerState> states = new HashMap<>();
    borrowers.forEach(
        (id, borrower) -> {
          if (!borrower.claims.isEmpty()) {
            int waiting = borrower.claims.values().stream().mapToInt(c -> c.waiting).sum();
            states.put(id, new BorrowerState(borrower.weight(), waiting));
          }
        });
    return states;
  }

  /** Returns everything that the next exchange needs, in at most {@link #MOST_BYTES} bytes. */
  public byte[] write() {
    StateWriter to = new StateWriter();
    to.number(VERSION);
    to.number(at);
    buckets.write(to);
    slots.write(to);
    to.fraction(clock);
    to.number(borrowers.size());
    borrowers.forEach(
        (id, borrower) -> {
          to.id(id);
          borrower.write(to);
        });
    return to.bytes();
  }

  private static final class Borrower {
    final Map<UUID, NodeClaim> claims = new LinkedHashMap<>();
    double clock;

    /** The time when the borrower began to wait or last received a grant, whichever is later. */
    long since;

    /**
     * The borrower's recent use minus what the borrower has returned unused, in minutes of the
     * scarcest limit. This number falls towards 0 if calls use less than half of what was expected.
     */
    double proven;

    void prove(double minutes) {
      proven = Math.clamp(proven + minutes, 0, MOST_PROVEN_MINUTES);
    }

    boolean wantsNothing() {
      return claims.values().stream().allMatch(NodeClaim::wantsNothing);
    }

    /** The highest weight of the borrower's calls. */
    int weight() {
      int highest = 1;
      for (NodeClaim claim : claims.values()) {
        highest = Math.max(highest, claim.weight);
      }
      return highest;
    }

    void write(StateWriter to) {
      to.fraction(clock);
      to.number(since);
      to.fraction(proven);
      to.number(claims.size());
      claims.forEach(
          (node, claim) -> {
            to.id(node);
            to.number(claim.weight);
            to.use(claim.held);
            to.use(claim.first);
            to.use(claim.further);
            to.number(claim.running);
            to.number(claim.waiting);
          });
    }

    static Borrower read(StateReader from) {
      Borrower read = new Borrower();
      read.clock = from.fraction();
      read.since = from.number();
      read.proven = from.fraction();
      int count = from.count(SlotLeases.MOST_NODES);
      for (int c = 0; c < count; c++) {
        NodeClaim claim = new NodeClaim();
        read.claims.put(from.id(), claim);
        claim.weight = (int) from.number(1, CapacityStatement.MOST_WEIGHT);
        claim.held = from.use();
        claim.first = from.use();
        claim.further = from.use();
        claim.running = from.count(Integer.MAX_VALUE);
        claim.waiting = from.count(Integer.MAX_VALUE);
      }
      return read;
    }
  }

  private static final class NodeClaim {
    int weight = 1;
    PaceUse held = PaceUse.NONE;
    PaceUse first = PaceUse.NONE;
    PaceUse further = PaceUse.NONE;
    int running;
    int waiting;

    boolean wantsNothing() {
      return first.equals(PaceUse.NONE) && further.equals(PaceUse.NONE);
    }

    /**
     * Returns the use to grant in one turn: in the first turn, the use of the first waiting call;
     * in later turns, the use of a few calls.
     *
     * @param portion the approximate use of the few calls, in minutes of the scarcest limit
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
   * Settles a node's statement, and makes the node's next grant.
   *
   * @param now the time in milliseconds, by a clock that all nodes share
   * @return the amounts that the node may use in addition to the unused amounts that it keeps
   *     according to its statement
   */
  public CapacityGrant exchange(CapacityStatement statement, long now) {
    long millis = Math.clamp(now - at, 0, SILENT_AFTER_MILLIS);
    at = now;
    for (UUID silent : slots.forgetSilent(now)) {
      borrowers.values().forEach(borrower -> borrower.claims.remove(silent));
    }
    int running = 0;
    for (CapacityStatement.Claim claim : statement.borrowers().values()) {
      running += claim.running();
    }
    boolean isKnown = slots.hear(statement.node(), statement.slots(), running, now);
    PaceBuckets before = buckets.copy();
    double kept = Math.exp(-millis / PROVEN_MILLIS);
    borrowers.values().forEach(borrower -> borrower.proven *= kept);
    settle(statement);
    buckets.refill(now, largestWaiting(), before);
    PaceUse held = held();
    statement.learned().forEach(stated -> buckets.learn(stated, held));
    statement.refusals().forEach(buckets::pause);
    long weights = weightsOfWanting();
    Map<UUID, PaceUse> parts = isKnown ? grant(statement.node()) : Map.of();
    SlotLeases.Lease lease = isKnown ? lease(statement.node(), millis, now) : NO_LEASE;
    return new CapacityGrant(
        all,
        parts,
        lease.slots(),
        lease.wanted(),
        lease.shares(),
        weights,
        isShort,
        buckets.left(),
        buckets.pauses(),
        buckets.pause());
  }

  private void settle(CapacityStatement statement) {
    for (Map.Entry<UUID, Borrower> entry : borrowers.entrySet()) {
      NodeClaim gone = entry.getValue().claims.get(statement.node());
      if (gone != null && !statement.borrowers().containsKey(entry.getKey())) {
        correct(entry.getValue(), PaceUse.NONE.minus(gone.held), PaceUse.NONE);
        entry.getValue().claims.remove(statement.node());
      }
    }
    boolean isFull = borrowers.size() >= MOST_BORROWERS / 2;
    borrowers.values().removeIf(borrower -> mayBeForgotten(borrower, isFull));
    int claims = borrowers.values().stream().mapToInt(borrower -> borrower.claims.size()).sum();
    for (Map.Entry<UUID, CapacityStatement.Claim> stated : statement.borrowers().entrySet()) {
      Borrower borrower = borrowers.get(stated.getKey());
      boolean isNew = borrower == null || !borrower.claims.containsKey(statement.node());
      if (isNew
          && (claims >= MOST_CLAIMS || (borrower == null && borrowers.size() >= MOST_BORROWERS))) {
        buckets.take(stated.getValue().used());
      } else {
        claims += isNew ? 1 : 0;
        settle(statement.node(), stated.getKey(), stated.getValue());
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
    claim.weight = stated.weight();
    PaceUse more = stated.used().plus(stated.kept()).minus(claim.held);
    correct(borrower, more, stated.unused());
    move(borrower, limits.minutesOf(notCounted(borrower, stated)));
    if (returns) {
      borrower.clock = Math.max(borrower.clock, clock);
      borrower.since = at - stated.waited();
    }
    claim.held = stated.kept();
    claim.first = stated.first();
    claim.further = stated.further();
    claim.running = stated.running();
    claim.waiting = stated.waiting();
  }

  private boolean mayBeForgotten(Borrower borrower, boolean isFull) {
    return borrower.claims.isEmpty()
        && borrower.clock <= clock
        && (borrower.proven <= UNPROVEN_MINUTES || isFull);
  }

  /**
   * Charges the use beyond a grant, or returns the unused part of a grant. If a borrower's calls
   * use less than half of the expected use, the borrower's clock still advances by the expected
   * use. This rule has two reasons. First, other borrowers have to wait while the expected amount
   * is reserved. Second, the caller alone states the expected use of an unknown model, and might
   * state too much.
   *
   * @param unused the amount that was returned when calls ended; {@code more} already includes this
   *     amount
   */
  private void correct(Borrower borrower, PaceUse more, PaceUse unused) {
    buckets.take(more);
    advance(borrower, limits.minutesOf(more.plus(unused)));
    double returned = limits.minutesOf(unused);
    borrower.prove(-returned);
    if (borrower.proven > 0) {
      advance(borrower, -returned);
    }
  }

  /**
   * Returns the amount that the provider counted beyond what the calls used. If the borrower's
   * clock has already advanced by the expected but unused amount, the result does not include that
   * amount. The result advances only the borrower's clock. The result changes neither the expected
   * use of further calls nor the buckets, which learn the remaining amounts from the provider's
   * answers.
   */
  private static PaceUse notCounted(Borrower borrower, CapacityStatement.Claim stated) {
    return borrower.proven > 0 ? stated.beyond() : stated.beyond().without(stated.unused());
  }

  private void advance(Borrower borrower, double minutes) {
    borrower.prove(minutes);
    move(borrower, minutes);
  }

  private void move(Borrower borrower, double minutes) {
    int weight = borrower.weight();
    double moved = borrower.clock + minutes / weight;
    if (minutes > 0) {
      borrower.clock = Math.min(moved, clock + MOST_OWED_MINUTES / weight);
    } else if (minutes < 0) {
      double least = Math.min(borrower.clock, clock - MOST_AHEAD_MINUTES / weight);
      borrower.clock = Math.max(moved, least);
    }
  }

  private PaceUse held() {
    PaceUse held = PaceUse.NONE;
    for (Borrower borrower : borrowers.values()) {
      for (NodeClaim claim : borrower.claims.values()) {
        held = held.plus(claim.held);
      }
    }
    return held;
  }

  private long weightsOfWanting() {
    return borrowers.values().stream()
        .filter(borrower -> !borrower.wantsNothing())
        .mapToLong(Borrower::weight)
        .sum();
  }

  /**
   * Returns the slots that the node leases for concurrent calls. If a node has free slots, its
   * waiting calls wait only for the limits per minute. So for a node with free slots, only waiting
   * calls with a grant count as demand for slots.
   */
  private SlotLeases.Lease lease(UUID node, long millis, long now) {
    if (all.concurrentCalls().isEmpty()) {
      return NO_LIMIT;
    }
    List<SlotLeases.Demand> demands = new ArrayList<>();
    borrowers.forEach(
        (id, borrower) -> {
          Map<UUID, Integer> onNodes = new LinkedHashMap<>();
          borrower.claims.forEach(
              (on, claim) -> {
                long ready =
                    slots.areFree(on)
                        ? Math.clamp(claim.held.calls(), 0, claim.waiting)
                        : claim.waiting;
                onNodes.put(on, (int) Math.min(Integer.MAX_VALUE, claim.running + ready));
              });
          demands.add(new SlotLeases.Demand(id, borrower.weight(), onNodes));
        });
    return slots.lease(node, all.concurrentCalls().getAsInt(), demands, millis, now);
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

  /**
   * A borrower's turn to get a grant. The turns are computed as if all nodes requested grants now,
   * so that the division is fair. But only the requesting node gets its grants.
   */
  private final class Turn {
    final UUID id;
    final Borrower borrower;
    final Map<UUID, NodeClaim> left = new LinkedHashMap<>();
    double at;
    long since;
    long order = turns++;

    Turn(UUID id, Borrower borrower) {
      this.id = id;
      this.borrower = borrower;
      this.at = borrower.clock;
      this.since = borrower.since;
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

  /**
   * Returns the amount to set aside for a borrower who requests more than the remaining amount, so
   * that large calls do not wait forever. The amount is at most the larger of two amounts. The
   * first is the distance from the borrower's clock to the next borrower's clock, multiplied by the
   * borrower's weight. The second is the borrower's recent use. At least a small amount is set
   * aside.
   */
  private PaceUse setAside(PaceUse part, Turn turn, @Nullable Turn next) {
    Borrower borrower = turn.borrower;
    double behind = next == null ? 0 : (next.at - turn.at) * borrower.weight();
    double most = Math.max(behind, Math.max(borrower.proven, UNPROVEN_MINUTES));
    double all = limits.minutesOf(part);
    return all <= most
        ? part
        : new PaceUse(
            part.calls(), (long) (part.input() * most / all), (long) (part.output() * most / all));
  }

  /**
   * Makes grants to a node's borrowers. If too little of one limit is left for a borrower's
   * request, the borrower waits. While it waits, the amounts that the request needs of the other
   * limits are set aside. Other borrowers can continue with calls that don't need the limit of
   * which too little is left.
   */
  private Map<UUID, PaceUse> grant(UUID asking) {
    PriorityQueue<Turn> queue =
        new PriorityQueue<>(
            Comparator.<Turn>comparingDouble(turn -> turn.at)
                .thenComparingLong(turn -> turn.since)
                .thenComparingLong(turn -> turn.order));
    borrowers.forEach(
        (id, borrower) -> {
          if (!borrower.wantsNothing()) {
            queue.add(new Turn(id, borrower));
          }
        });
    double portion = 1 / 60.0 / TURNS_IN_SECOND / Math.max(1, weightsOfWanting());
    PaceBuckets left = buckets.copy();
    Map<UUID, PaceUse> granted = new HashMap<>();
    isShort = false;
    double served = clock;
    while (!queue.isEmpty()) {
      Turn turn = queue.poll();
      UUID node = turn.left.keySet().iterator().next();
      NodeClaim wanted = Objects.requireNonNull(turn.left.remove(node));
      int weight = turn.borrower.weight();
      PaceUse part = fitting(wanted.next(limits, portion * weight), left);
      boolean fits = left.cover(part);
      // An amount is set aside only for a call that already waits, so that nobody has to wait for
      // calls that might come later.
      if (fits || !wanted.first.equals(PaceUse.NONE)) {
        left.take(fits ? part : setAside(part, turn, queue.peek()));
      }
      if (fits) {
        served = Math.max(served, turn.at);
        turn.at += limits.minutesOf(part) / weight;
        turn.since = at;
        turn.order = turns++;
        if (node.equals(asking)) {
          granted.merge(turn.id, part, PaceUse::plus);
          give(turn.borrower, asking, part).reduceBy(part);
          turn.borrower.since = at;
        }
        wanted.reduceBy(part);
        if (!wanted.wantsNothing()) {
          turn.left.put(node, wanted);
        }
      } else if (!isShort) {
        clock = Math.max(clock, served);
        isShort = true;
      }
      if (!turn.left.isEmpty()) {
        queue.add(turn);
      }
    }
    if (!isShort) {
      // No borrower waits, so nothing is due to a borrower whose clock is behind.
      borrowers.values().forEach(borrower -> clock = Math.max(clock, borrower.clock));
      long weights = weightsOfClaims();
      granted.replaceAll((id, part) -> part.plus(spare(id, part, asking, left, weights)));
    }
    return granted;
  }

  /** Halves the number of calls until the limits leave enough for these calls. */
  private static PaceUse fitting(PaceUse wanted, PaceBuckets left) {
    PaceUse part = wanted;
    while (!left.cover(part) && part.calls() > 1) {
      part = part.ofCalls(part.calls() / 2);
    }
    return part;
  }

  /**
   * Returns the amount that a borrower gets in addition to the requested amount if the limits leave
   * enough for all borrowers. The remaining amount is divided by {@link #SPARE_PART}, and each
   * borrower gets a share of the result according to the borrower's weight. Without this additional
   * amount, a new borrower would have to wait for several exchanges, because the pace of the new
   * calls is not known yet. The node's next statement returns what was not used.
   *
   * @param part the amount that the borrower requested and received
   * @param left the remaining amounts after all requests were granted
   * @param weights the result of {@link #weightsOfClaims}
   */
  private PaceUse spare(UUID id, PaceUse part, UUID asking, PaceBuckets left, long weights) {
    Borrower borrower = Objects.requireNonNull(borrowers.get(id));
    double times = Double.MAX_VALUE;
    for (Map.Entry<PaceLimit, Long> limit : left.left().entrySet()) {
      long asked = limit.getKey().partOf(part);
      if (asked > 0) {
        double due = limit.getValue() / SPARE_PART * borrower.weight() / weights;
        times = Math.min(times, due / asked);
      }
    }
    PaceUse spare = times < Double.MAX_VALUE ? part.times(times) : PaceUse.NONE;
    if (spare.calls() < 1 || !left.cover(spare)) {
      return PaceUse.NONE;
    }
    NodeClaim unused = give(borrower, asking, spare);
    return spare;
  }

  /** Returns the sum of the weights of all borrowers, each counted once for each of its nodes. */
  private long weightsOfClaims() {
    long weights = 0;
    for (Borrower each : borrowers.values()) {
      weights += (long) each.weight() * each.claims.size();
    }
    return weights;
  }

  /** Gives a borrower an amount on a node, and returns the borrower's claim on that node. */
  private NodeClaim give(Borrower borrower, UUID node, PaceUse part) {
    NodeClaim claim = Objects.requireNonNull(borrower.claims.get(node));
    claim.held = claim.held.plus(part);
    buckets.take(part);
    borrower.clock += limits.minutesOf(part) / borrower.weight();
    borrower.prove(limits.minutesOf(part));
    return claim;
  }
}
