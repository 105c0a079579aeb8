package io.claviger.domain.fairness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Borrowers with random weights and demands on several nodes, in virtual time, before a provider
 * that enforces its limits. Nodes die and come back, their clocks differ by seconds, and callers
 * leave. What each borrower is due is computed by progressive filling in doubles, which shares no
 * code with the rules.
 */
final class FairnessSimulation {
  private static final long MAX_WAIT_MILLIS = 10_000;
  private static final long PHASE_MILLIS = 40_000;
  private static final int STEP_MILLIS = 100;
  private static final int WINDOW_STEPS = 100;

  /** Calls that came before demands changed have left after so long. No window begins before. */
  private static final long SETTLED_MILLIS = MAX_WAIT_MILLIS + 1_000;

  private final SplittableRandom random;
  private final long perMinute;
  private final ProviderLimits limits;
  private final List<Node> nodes = new ArrayList<>();
  private final Borrower[] borrowers;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(event -> event.at));
  private final boolean show = Boolean.getBoolean("claviger.fairness.show");
  private CapacityAccount account;
  private double providerLevel;
  private long providerAt;
  private long now;
  private double duePerSecond;

  long calls;
  long refused;
  long left;
  long crashes;
  long exchanges;

  /**
   * The largest part of what a borrower was due in a window that they did not get. Compared are
   * borrowers with 20 calls or more, of which two may be missing besides.
   */
  double worst;

  /** The smallest used part of the amount that was due to all borrowers in a window. */
  double leastUsed = 1;

  FairnessSimulation(long seed, int borrowers, int nodes, long perMinute) {
    this.random = new SplittableRandom(seed);
    this.perMinute = perMinute;
    this.limits = perMinute(PaceLimit.REQUESTS_PER_MINUTE, perMinute);
    this.account = new CapacityAccount(limits, 0);
    this.providerLevel = perMinute / 10.0;
    for (int n = 0; n < nodes; n++) {
      this.nodes.add(new Node(n * CapacityQueue.EXCHANGE_MILLIS / nodes));
    }
    this.borrowers = new Borrower[borrowers];
    for (int b = 0; b < borrowers; b++) {
      this.borrowers[b] = new Borrower();
    }
  }

  static ProviderLimits perMinute(PaceLimit limit, long most) {
    return new ProviderLimits(new PaceLimits(Map.of(limit, most)), OptionalInt.empty());
  }

  /** The queues of two nodes whose clocks agree. */
  static <C> List<CapacityQueue<C>> twoNodes() {
    return List.of(new CapacityQueue<>(new UUID(1, 1), 0), new CapacityQueue<>(new UUID(1, 2), 0));
  }

  private final class Node {
    final UUID id = new UUID(1, random.nextLong());
    final long skew = random.nextInt(10_000);
    CapacityQueue<Call> queue = new CapacityQueue<>(id, skew);
    long nextExchange;
    long lastExchange;
    long deadUntil;

    Node(long phase) {
      this.nextExchange = phase;
    }

    boolean isDead() {
      return now < deadUntil;
    }

    boolean isUrgent() {
      return queue.isUrgent() && now - lastExchange >= CapacityQueue.URGENT_MILLIS;
    }

    long clock() {
      return now + skew;
    }
  }

  private final class Borrower {
    final UUID id = new UUID(2, random.nextLong());
    final int weight = 1 + random.nextInt(20);
    int[] on = {0};
    double perSecond;
    double due;
    double coming;
    int turn;
    long passed;
    final long[] passes = new long[WINDOW_STEPS];

    /** Some borrowers want nothing, most want about their share, and some want everything. */
    void choose() {
      double fair = perMinute / 60.0 / borrowers.length;
      perSecond =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> fair * 40;
            default -> fair * (0.3 + random.nextDouble() * 2);
          };
      on = random.ints(1 + random.nextInt(3), 0, nodes.size()).distinct().toArray();
    }
  }

  private record Call(Borrower of, long number) {}

  /** A caller who leaves, or a call that ends. */
  private record Event(long at, Node node, CapacityQueue<Call> queue, Call call, boolean ends) {}

  private static final PaceUse CALL = PaceUse.ofCall(0, 0);

  void run(long millis, boolean withCrashes) {
    for (now = 0; now < millis; now++) {
      if (now % PHASE_MILLIS == 0) {
        for (Borrower each : borrowers) {
          each.choose();
        }
        fill();
      }
      if (withCrashes && now % PHASE_MILLIS == 2_000) {
        crashes++;
        Node dying = nodes.get(random.nextInt(nodes.size()));
        dying.deadUntil = now + 2_500;
        dying.queue.removeOverdue(Long.MAX_VALUE);
      }
      for (Borrower each : borrowers) {
        arrive(each);
      }
      while (!events.isEmpty() && events.peek().at() <= now) {
        happen(events.poll());
      }
      for (Node node : nodes) {
        if (!node.isDead() && (now >= node.nextExchange || node.isUrgent())) {
          exchange(node);
        }
      }
      if (now % STEP_MILLIS == 0) {
        compare((int) (now / STEP_MILLIS));
      }
    }
  }

  private void arrive(Borrower of) {
    of.coming += of.perSecond / 1_000 * 2 * random.nextDouble();
    while (of.coming >= 1) {
      of.coming--;
      Node node = nodes.get(of.on[of.turn++ % of.on.length]);
      if (node.isDead()) {
        continue;
      }
      Call call = new Call(of, calls + left + refused + of.turn * 1_000_000_000L);
      switch (node.queue.admit(
          call, of.id, of.weight, CALL, node.clock(), node.clock() + MAX_WAIT_MILLIS)) {
        case PASSED -> pass(node, call);
        case WAITING -> {
          if (random.nextInt(50) == 0) {
            events.add(new Event(now + random.nextInt(8_000), node, node.queue, call, false));
          }
        }
        case FULL -> {}
      }
    }
  }

  private void happen(Event event) {
    if (event.ends()) {
      event.queue().settle(event.call().of().id, CALL, CALL, event.node().clock());
    } else if (event.queue().remove(event.call())) {
      left++;
    }
  }

  private void exchange(Node node) {
    exchanges++;
    if (node.deadUntil > 0) {
      node.queue = new CapacityQueue<>(node.id, node.clock());
      node.deadUntil = 0;
    }
    node.lastExchange = now;
    while (node.nextExchange <= now) {
      node.nextExchange += CapacityQueue.EXCHANGE_MILLIS;
    }
    node.queue.removeOverdue(node.clock());
    node.queue.takeDisplaced();
    account = CapacityAccount.read(account.write(), limits, now);
    CapacityGrant granted = account.exchange(node.queue.state(node.clock()), now);
    node.queue.apply(granted, node.clock(), node.clock()).forEach(call -> pass(node, call));
  }

  private void pass(Node node, Call call) {
    events.add(new Event(now + random.nextInt(3_000), node, node.queue, call, true));
    calls++;
    call.of().passed++;
    double full = perMinute / 10.0 * 1.02;
    providerLevel = Math.min(full, providerLevel + (now - providerAt) * perMinute / 60_000.0);
    providerAt = now;
    if (providerLevel < 1) {
      refused++;
    } else {
      providerLevel--;
    }
  }

  /** What each borrower is due in a second, by progressive filling. */
  private void fill() {
    Borrower[] leastFirst = borrowers.clone();
    Arrays.sort(leastFirst, Comparator.comparingDouble(each -> each.perSecond / each.weight));
    double weights = Arrays.stream(borrowers).mapToDouble(each -> each.weight).sum();
    double rest = perMinute / 60.0;
    for (Borrower each : leastFirst) {
      each.due = Math.min(each.perSecond, rest * each.weight / weights);
      weights -= each.weight;
      rest -= each.due;
    }
    duePerSecond = perMinute / 60.0 - rest;
  }

  private void compare(int step) {
    int slot = step % WINDOW_STEPS;
    double seconds = WINDOW_STEPS * STEP_MILLIS / 1_000.0;
    boolean isSettled =
        step % (PHASE_MILLIS / STEP_MILLIS) >= WINDOW_STEPS + SETTLED_MILLIS / STEP_MILLIS;
    long passed = 0;
    for (Borrower each : borrowers) {
      double share = each.due * seconds;
      long got = each.passed - each.passes[slot];
      each.passes[slot] = each.passed;
      passed += got;
      if (isSettled && share >= 20) {
        double missing = (share - got - 2) / share;
        worst = Math.max(worst, missing);
        if (show && missing > 0.05) {
          System.out.printf(
              "%d: weight %d wants %.1f/s was due %.1f got %d on %s%n",
              now, each.weight, each.perSecond, share, got, Arrays.toString(each.on));
        }
      }
    }
    if (isSettled) {
      leastUsed = Math.min(leastUsed, passed / (duePerSecond * seconds));
    }
  }

  String figures() {
    return "%d calls, %d exchanges, %d crashes, %d left; least used %.4f, worst %.4f, refused %.6f"
        .formatted(calls, exchanges, crashes, left, leastUsed, worst, refused / (double) calls);
  }
}
