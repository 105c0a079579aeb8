package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Calls at a time, on several nodes in virtual time. */
final class CapacitySlotsTest {
  private static final PaceUse CALL = PaceUse.ofCall(10, 10);

  private record Call(int borrower, long from) {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private record End(long at, Node node, CapacityQueue<Call> queue, Call call) {}

  private static final class Node {
    final UUID id;
    CapacityQueue<Call> queue;
    boolean isDead;
    boolean isCutOff;

    Node(int number) {
      this.id = new UUID(1, number);
      this.queue = new CapacityQueue<>(id, 0);
    }
  }

  /** Borrowers who always want more, each on the nodes that are named. */
  private static final class World {
    final ProviderLimits limits;
    final SplittableRandom random = new SplittableRandom(11);
    final List<Node> nodes = new ArrayList<>();
    final int[] weights;
    final int[][] on;
    final int longest;
    final Set<Call> running = new HashSet<>();
    final double[] slotMillis;
    final long[] longestWait;
    final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::at));
    CapacityAccount account;
    boolean mayExceed;
    long now;

    World(int slots, int nodes, int longest, int[] weights, int[][] on) {
      this.limits = new ProviderLimits(PaceLimits.NONE, OptionalInt.of(slots));
      this.account = new CapacityAccount(limits, 0);
      this.longest = longest;
      this.weights = weights;
      this.on = on;
      this.slotMillis = new double[weights.length];
      this.longestWait = new long[weights.length];
      for (int n = 0; n < nodes; n++) {
        this.nodes.add(new Node(n));
      }
    }

    UUID borrower(int number) {
      return new UUID(2, number);
    }

    void run(long millis) {
      for (long until = now + millis; now < until; now += 10) {
        while (!ends.isEmpty() && ends.peek().at() <= now) {
          end(ends.poll());
        }
        for (int n = 0; n < nodes.size(); n++) {
          Node node = nodes.get(n);
          if (now % 1_000 == n * 1_000L / nodes.size() / 10 * 10) {
            exchange(node);
          }
        }
        for (int b = 0; b < weights.length; b++) {
          for (int n : on[b]) {
            ask(nodes.get(n), b);
          }
        }
        running.forEach(call -> slotMillis[call.borrower()] += 10);
        if (!mayExceed) {
          assertThat(running.size()).isLessThanOrEqualTo(limits.concurrentCalls().getAsInt());
        }
      }
    }

    void ask(Node node, int b) {
      if (!node.isDead && node.queue.waiting() < 40 * on.length) {
        Call call = new Call(b, now);
        CapacityQueue.Admission admission =
            node.queue.admit(call, borrower(b), weights[b], CALL, now, Long.MAX_VALUE);
        if (admission == CapacityQueue.Admission.PASSED) {
          pass(node, call);
        }
      }
    }

    void pass(Node node, Call call) {
      running.add(call);
      longestWait[call.borrower()] = Math.max(longestWait[call.borrower()], now - call.from());
      ends.add(new End(now + 10 + random.nextInt(longest), node, node.queue, call));
    }

    void end(End end) {
      if (running.remove(end.call())) {
        end.queue()
            .settle(borrower(end.call().borrower()), CALL, CALL, now)
            .forEach(call -> pass(end.node(), call));
      }
    }

    void exchange(Node node) {
      if (!node.isDead && !node.isCutOff) {
        account = CapacityAccount.read(account.write(), limits, now);
        CapacityGrant grant = account.exchange(node.queue.state(now), now);
        node.queue.apply(grant, now, now).forEach(call -> pass(node, call));
      }
    }

    /** Kills a node: its connections and its calls end. */
    void kill(Node node) {
      node.isDead = true;
      ends.forEach(end -> running.removeIf(call -> end.node() == node && end.call() == call));
    }

    long runningOn(Node node) {
      return ends.stream()
          .filter(end -> end.node() == node && running.contains(end.call()))
          .count();
    }

    double share(int b) {
      double all = 0;
      for (double each : slotMillis) {
        all += each;
      }
      return slotMillis[b] / all;
    }

    double used(long millis) {
      double all = 0;
      for (double each : slotMillis) {
        all += each;
      }
      return all / millis / limits.concurrentCalls().getAsInt();
    }

    void forget() {
      Arrays.fill(slotMillis, 0);
    }
  }

  @Test
  void slots_in_use_follow_the_weights_across_nodes() {
    World world =
        new World(24, 3, 2_000, new int[] {10, 20, 10, 80}, new int[][] {{0}, {0, 1}, {2}, {1, 2}});
    world.run(10_000);
    world.forget();
    world.run(60_000);
    double[] due = {10 / 120.0, 20 / 120.0, 10 / 120.0, 80 / 120.0};
    for (int b = 0; b < due.length; b++) {
      assertThat(world.share(b) / due[b]).as("borrower %d", b).isBetween(0.9, 1.1);
    }
    assertThat(world.used(60_000)).isGreaterThan(0.95);
  }

  @Test
  void a_single_slot_goes_round_among_nodes_and_borrowers() {
    World world =
        new World(1, 3, 500, new int[] {10, 10, 10, 10}, new int[][] {{0}, {0}, {1}, {2}});
    world.run(120_000);
    for (int b = 0; b < 4; b++) {
      assertThat(world.share(b)).as("borrower %d", b).isBetween(0.12, 0.4);
    }
    assertThat(world.used(120_000)).isGreaterThan(0.6);
  }

  @Test
  void slots_of_a_dead_node_return_after_two_seconds() {
    World world = new World(12, 2, 500, new int[] {10, 10}, new int[][] {{0}, {1}});
    world.run(5_000);
    Node survivor = world.nodes.get(1);
    world.kill(world.nodes.get(0));
    world.run(1_000);
    assertThat(world.runningOn(survivor)).isEqualTo(6);
    world.run(4_000);
    assertThat(world.runningOn(survivor)).isEqualTo(12);
  }

  @Test
  void a_node_without_the_database_starts_nothing_after_two_seconds_and_runs_what_it_has() {
    World world = new World(12, 2, 10_000_000, new int[] {10, 10}, new int[][] {{0}, {1}});
    world.run(5_000);
    Node lost = world.nodes.get(0);
    lost.isCutOff = true;
    world.mayExceed = true;
    world.run(2_500);
    long streams = world.runningOn(lost);
    assertThat(streams).isEqualTo(6);
    world.ends.stream().filter(end -> end.node() == lost).toList().forEach(world::end);
    world.run(1_000);
    assertThat(world.runningOn(lost)).isZero();
    world.run(3_000);
    assertThat(world.runningOn(world.nodes.get(1))).isEqualTo(12);
    world.mayExceed = false;
    lost.isCutOff = false;
    world.run(5_000);
    assertThat(world.runningOn(lost)).as("streams keep their slots").isZero();
  }

  @Test
  void after_a_failover_nobody_gets_slots_that_others_may_still_have() {
    World world = new World(12, 2, 400, new int[] {10, 10}, new int[][] {{0}, {1}});
    world.run(5_000);
    world.account = CapacityAccount.read(new byte[0], world.limits, world.now);
    world.run(10_000);
    assertThat(world.running).hasSizeGreaterThan(10);
  }

  @Test
  void if_the_clock_is_set_back_slots_are_granted_after_two_seconds() {
    long hour = 3_600_000;
    UUID node = new UUID(1, 1);
    CapacityAccount account =
        new CapacityAccount(new ProviderLimits(PaceLimits.NONE, OptionalInt.of(12)), hour);

    assertThat(exchangeOfSlots(account, node, 0, 0, 50, 0).slots()).isZero();
    assertThat(exchangeOfSlots(account, node, 0, 0, 50, 1_000).slots()).isZero();
    assertThat(exchangeOfSlots(account, node, 0, 0, 50, 2_001).slots()).isEqualTo(12);
  }

  @Test
  void a_limit_that_is_lowered_holds_when_the_calls_beyond_it_have_ended() {
    World world = new World(12, 2, 400, new int[] {10, 10}, new int[][] {{0}, {1}});
    world.run(5_000);
    ProviderLimits fewer = new ProviderLimits(PaceLimits.NONE, OptionalInt.of(4));
    for (int second = 0; second < 5; second++) {
      for (Node node : world.nodes) {
        world.account = CapacityAccount.read(world.account.write(), fewer, world.now);
        world.now += 500;
        while (!world.ends.isEmpty() && world.ends.peek().at() <= world.now) {
          world.end(world.ends.poll());
        }
        CapacityGrant grant = world.account.exchange(node.queue.state(world.now), world.now);
        node.queue.apply(grant, world.now, world.now).forEach(call -> world.pass(node, call));
      }
    }
    assertThat(world.running).hasSizeLessThanOrEqualTo(4).isNotEmpty();
  }

  @Test
  void a_call_needs_pace_and_a_slot() {
    ProviderLimits limits =
        new ProviderLimits(
            new PaceLimits(Map.of(PaceLimit.REQUESTS_PER_MINUTE, 60L)), OptionalInt.of(100));
    CapacityAccount account = new CapacityAccount(limits, 0);
    CapacityQueue<Integer> queue = new CapacityQueue<>(new UUID(1, 1), 0);
    for (int call = 0; call < 20; call++) {
      queue.admit(call, new UUID(2, 1), 10, PaceUse.ofCall(0, 0), 0, Long.MAX_VALUE);
    }
    assertThat(queue.apply(account.exchange(queue.state(0), 0), 0, 0)).hasSize(6);
    assertThat(queue.running()).isEqualTo(6);
    assertThat(queue.apply(account.exchange(queue.state(1_000), 1_000), 1_000, 1_000)).hasSize(1);
  }

  private static CapacityGrant exchangeOfSlots(
      CapacityAccount account, UUID node, int slots, int running, int waiting, long now) {
    CapacityStatement.Claim claim =
        new CapacityStatement.Claim(
            10,
            PaceUse.NONE,
            PaceUse.NONE,
            PaceUse.NONE,
            PaceUse.NONE,
            PaceUse.NONE,
            running,
            waiting,
            0,
            PaceUse.NONE);
    return account.exchange(
        new CapacityStatement(node, Map.of(node, claim), slots, List.of(), List.of()), now);
  }

  @Test
  void a_node_that_was_silent_has_only_the_slots_of_its_calls_under_way() {
    UUID silent = new UUID(1, 1);
    UUID other = new UUID(1, 2);
    CapacityAccount account =
        new CapacityAccount(new ProviderLimits(PaceLimits.NONE, OptionalInt.of(12)), 0);
    assertThat(exchangeOfSlots(account, silent, 0, 0, 50, 0).slots()).isEqualTo(12);
    assertThat(exchangeOfSlots(account, other, 0, 0, 50, 2_000).slots()).isZero();
    assertThat(exchangeOfSlots(account, other, 0, 0, 50, 2_001).slots()).isEqualTo(12);
    assertThat(exchangeOfSlots(account, silent, 12, 0, 50, 2_500).slots())
        .as("says that it has those of before")
        .isZero();

    CapacityQueue<Integer> queue = new CapacityQueue<>(silent, 0);
    CapacityAccount another =
        new CapacityAccount(new ProviderLimits(PaceLimits.NONE, OptionalInt.of(12)), 0);
    queue.admit(1, new UUID(2, 1), 10, CALL, 0, Long.MAX_VALUE);
    assertThat(queue.apply(another.exchange(queue.state(0), 0), 0, 0)).hasSize(1);
    assertThat(queue.state(1_999).slots()).isEqualTo(12);
    assertThat(queue.state(2_000).slots()).as("the call under way").isEqualTo(1);
  }
}
