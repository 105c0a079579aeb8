package io.claviger.domain.fairness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Borrowers with random weights and demands on several nodes, in virtual time, before a provider
 * that enforces its limits. The expected shares are computed by progressive filling in doubles,
 * which shares no code with the engine.
 */
final class FairnessSimulation {
  private static final long EXCHANGE_MILLIS = 1_000;
  private static final long MAX_WAIT_MILLIS = 10_000;
  private static final long WINDOW_MILLIS = 10_000;
  private static final long PHASE_MILLIS = 30_000;

  /** Shares are compared when a change of demand is so old. */
  private static final long SETTLED_MILLIS = 4_000;

  private final SplittableRandom random;
  private final int nodes;
  private final long perMinute;
  private final CapacityAccount account;
  private final List<Node> all = new ArrayList<>();
  private final Borrower[] borrowers;
  private double level;
  private long levelAt;
  long calls;
  long refusedByProvider;
  double worst;
  double used;
  double couldUse;

  FairnessSimulation(long seed, int borrowers, int nodes, long perMinute) {
    this.random = new SplittableRandom(seed);
    this.nodes = nodes;
    this.perMinute = perMinute;
    this.account =
        new CapacityAccount(
            new ProviderLimits(
                new PaceLimits(Map.of(PaceLimit.REQUESTS_PER_MINUTE, perMinute)),
                OptionalInt.empty()),
            0);
    this.level = perMinute / 10.0;
    for (int n = 0; n < nodes; n++) {
      all.add(new Node(n));
    }
    this.borrowers = new Borrower[borrowers];
    for (int b = 0; b < borrowers; b++) {
      this.borrowers[b] = new Borrower();
    }
  }

  private final class Node {
    final UUID id = new UUID(1, random.nextLong());
    final long phase;
    CapacityQueue<Call> queue = new CapacityQueue<>(id, 0);
    long deadUntil;

    Node(int number) {
      this.phase = number * EXCHANGE_MILLIS / nodes;
    }
  }

  /** A call, which is no other call of the same borrower. */
  private static final class Call {
    final int borrower;

    Call(int borrower) {
      this.borrower = borrower;
    }
  }

  private final class Borrower {
    final UUID id = new UUID(2, random.nextLong());
    final int weight = 1 + random.nextInt(20);
    int[] on;
    double perSecond;
    double due;
    long passed;
    int turn;
    final PriorityQueue<Long> unused = new PriorityQueue<>();

    void choose() {
      double fair = perMinute / 60.0 / borrowers.length;
      // Some want nothing, most want about their part, some want everything.
      perSecond =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> fair * 40;
            default -> fair * (0.3 + random.nextDouble() * 2);
          };
      on = random.ints(1 + random.nextInt(3), 0, nodes).toArray();
    }
  }

  /** Runs for so many milliseconds, with a node that dies in every second phase. */
  void run(long millis, boolean crashes) {
    long[] atStart = new long[borrowers.length];
    long windowFrom = 0;
    double[] expected = new double[borrowers.length];
    for (long now = 0; now < millis; now++) {
      long inPhase = now % PHASE_MILLIS;
      if (inPhase == 0) {
        for (Borrower each : borrowers) {
          each.choose();
        }
        expected = expected();
        if (crashes && random.nextBoolean()) {
          all.get(random.nextInt(nodes)).deadUntil = now + 2_500;
        }
      }
      for (int b = 0; b < borrowers.length; b++) {
        arrive(b, now);
      }
      for (Node node : all) {
        if (now % EXCHANGE_MILLIS == node.phase && now >= node.deadUntil) {
          exchange(node, now);
        }
      }
      if (inPhase >= SETTLED_MILLIS && (inPhase - SETTLED_MILLIS) % WINDOW_MILLIS == 0) {
        if (inPhase > SETTLED_MILLIS) {
          compare(atStart, expected, now - windowFrom);
        }
        for (int b = 0; b < borrowers.length; b++) {
          atStart[b] = borrowers[b].passed;
        }
        windowFrom = now;
      }
    }
  }

  private void arrive(int number, long now) {
    Borrower of = borrowers[number];
    of.due += of.perSecond / 1_000 * 2 * random.nextDouble();
    while (of.due >= 1) {
      of.due--;
      Node node = all.get(of.on[of.turn++ % of.on.length]);
      if (now < node.deadUntil) {
        continue;
      }
      if (node.queue.admit(
              new Call(number), of.id, of.weight, PaceUse.ofCall(0, 0), now, now + MAX_WAIT_MILLIS)
          == CapacityQueue.Admission.PASSED) {
        pass(node, number, now);
      }
    }
  }

  private void exchange(Node node, long now) {
    if (node.deadUntil > 0) {
      node.queue = new CapacityQueue<>(node.id, now);
      node.deadUntil = 0;
    }
    node.queue.removeOverdue(now);
    node.queue.takeDisplaced();
    CapacityGrant granted = account.exchange(node.queue.state(now), now);
    node.queue.apply(granted, now, now).forEach(call -> pass(node, call.borrower, now));
  }

  private void pass(Node node, int number, long now) {
    node.queue.settle(borrowers[number].id, PaceUse.ofCall(0, 0), PaceUse.ofCall(0, 0), now);
    calls++;
    borrowers[number].passed++;
    level = Math.min(perMinute / 10.0 * 1.02, level + (now - levelAt) * perMinute / 60_000.0);
    levelAt = now;
    if (level < 1) {
      refusedByProvider++;
    } else {
      level--;
    }
  }

  private double[] expected() {
    double capacity = perMinute / 60.0;
    double[] share = new double[borrowers.length];
    boolean[] full = new boolean[borrowers.length];
    double rest = capacity;
    while (true) {
      double weights = 0;
      for (int b = 0; b < share.length; b++) {
        weights += full[b] ? 0 : borrowers[b].weight;
      }
      if (weights == 0) {
        return share;
      }
      double most = rest / weights;
      boolean changed = false;
      for (int b = 0; b < share.length; b++) {
        if (!full[b] && borrowers[b].perSecond <= most * borrowers[b].weight) {
          share[b] = borrowers[b].perSecond;
          full[b] = true;
          rest -= share[b];
          changed = true;
        }
      }
      if (!changed) {
        for (int b = 0; b < share.length; b++) {
          share[b] = full[b] ? share[b] : most * borrowers[b].weight;
        }
        return share;
      }
    }
  }

  private void compare(long[] before, double[] expected, long millis) {
    double wanted = Arrays.stream(borrowers).mapToDouble(b -> b.perSecond).sum();
    double capacity = Math.min(perMinute / 60.0, wanted) * millis / 1_000;
    long sum = 0;
    for (int b = 0; b < borrowers.length; b++) {
      long passed = borrowers[b].passed - before[b];
      sum += passed;
      double share = expected[b] * millis / 1_000;
      if (share >= 20) {
        worst = Math.max(worst, (share - passed - 2) / share);
        if (System.getProperty("claviger.fairness.show") != null
            && (share - passed - 2) / share > 0.05) {
          System.out.printf(
              "borrower %d weight %d wants %.1f/s share %.1f got %d on %s%n",
              b,
              borrowers[b].weight,
              borrowers[b].perSecond,
              share,
              passed,
              Arrays.toString(borrowers[b].on));
        }
      }
    }
    used += sum;
    couldUse += capacity;
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new HashMap<>();
    figures.put("calls", calls);
    figures.put("used", used / couldUse);
    figures.put("worst", worst);
    figures.put("refused", refusedByProvider / (double) calls);
    return figures;
  }
}
