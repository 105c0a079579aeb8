package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever order, each call that keeps waiting passes, and none too early. */
final class CapacityTurnsTest {
  private static final long A_MINUTE = 60_000;
  private static final long NEVER = Long.MAX_VALUE;
  private static final UUID[] BORROWERS = {new UUID(2, 1), new UUID(2, 2), new UUID(2, 3)};

  /** A call by a borrower on a node. */
  private record Call(int borrower, int node, PaceUse use) {}

  private static final List<Call> CALLS =
      List.of(
          new Call(0, 0, PaceUse.ofCall(300, 0)),
          new Call(0, 1, PaceUse.ofCall(10, 0)),
          new Call(1, 0, PaceUse.ofCall(10, 0)),
          new Call(2, 1, PaceUse.ofCall(600, 0)));

  private static final class World {
    final CapacityAccount account;
    final List<CapacityQueue<Integer>> nodes = new ArrayList<>();
    final Set<Integer> waiting = new HashSet<>();
    final Set<Integer> done = new HashSet<>();
    final long tokens;
    long now;
    long passed;

    World(long tokens, int nodes) {
      this.tokens = tokens;
      this.account =
          new CapacityAccount(
              new ProviderLimits(
                  new PaceLimits(Map.of(PaceLimit.TOKENS_PER_MINUTE, tokens)), OptionalInt.empty()),
              now);
      for (int n = 0; n < nodes; n++) {
        this.nodes.add(new CapacityQueue<>(new UUID(1, n), now));
      }
    }

    void arrive(int number, Call call) {
      CapacityQueue.Admission admission =
          nodes
              .get(call.node())
              .admit(number, BORROWERS[call.borrower()], 10, call.use(), now, NEVER);
      if (admission == CapacityQueue.Admission.PASSED) {
        pass(number, call);
      } else {
        assertThat(admission).isEqualTo(CapacityQueue.Admission.WAITING);
        waiting.add(number);
      }
    }

    void pass(int number, Call call) {
      done.add(number);
      waiting.remove(number);
      passed += call.use().input();
      if (passed > tokens * (now + 6_000) / A_MINUTE + largest()) {
        throw new AssertionError(passed + " tokens passed within " + now + " ms");
      }
    }

    /** A bucket grows until the largest call fits that waits. */
    private static long largest() {
      return CALLS.stream().mapToLong(call -> call.use().input()).max().orElseThrow();
    }

    void exchange(int node, List<Call> calls) {
      CapacityQueue<Integer> queue = nodes.get(node);
      CapacityGrant granted = account.exchange(queue.state(now), now);
      queue.apply(granted, now, now).forEach(number -> pass(number, calls.get(number)));
    }

    void leave(int number) {
      if (waiting.remove(number)) {
        done.add(number);
        nodes.forEach(queue -> queue.remove(number));
      }
    }
  }

  private interface Event {
    void happen(World world);
  }

  /**
   * Four calls of three borrowers on two nodes, of which two are larger than the burst. All orders
   * of five of these events: a call arrives, a node asks, a second goes by, a caller leaves.
   */
  @Test
  void every_call_passes_in_time_in_every_order_of_events() {
    List<Event> events = new ArrayList<>();
    for (int c = 0; c < CALLS.size(); c++) {
      int number = c;
      events.add(
          world -> {
            if (!world.done.contains(number) && !world.waiting.contains(number)) {
              world.arrive(number, CALLS.get(number));
            }
          });
    }
    events.add(world -> world.exchange(0, CALLS));
    events.add(world -> world.exchange(1, CALLS));
    events.add(world -> world.now += 1_000);
    events.add(world -> world.leave(3));
    int[] order = new int[5];
    long histories = 0;
    do {
      World world = new World(1_000, 2);
      for (int event : order) {
        events.get(event).happen(world);
      }
      for (int c = 0; c < CALLS.size(); c++) {
        events.get(c).happen(world);
      }
      drain(world);
      histories++;
    } while (next(order, events.size()));
    assertThat(histories).isEqualTo((long) Math.pow(events.size(), order.length));
  }

  /** All need 920 tokens, which takes 56 seconds, and a second for each node to notice. */
  private static void drain(World world) {
    long latest = world.now + 60_000;
    while (!world.waiting.isEmpty()) {
      if (world.now >= latest) {
        throw new AssertionError(world.waiting + " still wait");
      }
      world.now += 1_000;
      world.exchange(0, CALLS);
      world.exchange(1, CALLS);
    }
  }

  private static boolean next(int[] order, int base) {
    for (int i = 0; i < order.length; i++) {
      order[i]++;
      if (order[i] < base) {
        return true;
      }
      order[i] = 0;
    }
    return false;
  }

  /** A borrower who asks for little is not kept waiting by others, however much these ask for. */
  @Test
  void nobody_starves_in_random_schedules() {
    SplittableRandom random = new SplittableRandom(7);
    for (int schedule = 0; schedule < Integer.getInteger("claviger.schedules", 2_000); schedule++) {
      List<Call> calls = new ArrayList<>();
      Map<Integer, Long> since = new HashMap<>();
      World world = new World(6_000, 2);
      for (int step = 0; step < 40; step++) {
        int greedy = random.nextInt(12);
        for (int c = 0; c < greedy; c++) {
          arrive(
              world,
              calls,
              new Call(0, random.nextInt(2), PaceUse.ofCall(1 + random.nextInt(400), 0)));
        }
        if (random.nextInt(5) == 0) {
          arrive(
              world,
              calls,
              new Call(1, random.nextInt(2), PaceUse.ofCall(1 + random.nextInt(100), 0)));
        }
        world.now += random.nextInt(1_500);
        if (random.nextInt(8) > 0) {
          world.exchange(0, calls);
        }
        if (random.nextInt(8) > 0) {
          world.exchange(1, calls);
        }
        for (int number : world.waiting) {
          since.putIfAbsent(number, world.now);
          assertThat(calls.get(number).borrower() == 0 || world.now - since.get(number) < 15_000)
              .as("call %d of schedule %d has waited since %d", number, schedule, since.get(number))
              .isTrue();
        }
      }
    }
  }

  private static void arrive(World world, List<Call> calls, Call call) {
    if (world.nodes.get(call.node()).waiting() < 60) {
      calls.add(call);
      world.arrive(calls.size() - 1, call);
    }
  }
}
