package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In every order of events, each call that continues to wait is admitted, and no call is admitted
 * too early.
 */
final class CapacityTurnsTest {
  private static final long A_MINUTE = 60_000;
  private static final long NEVER = Long.MAX_VALUE;
  private static final long WAITS_AT_MOST = 15_000;
  private static final UUID[] BORROWERS = {new UUID(2, 1), new UUID(2, 2), new UUID(2, 3)};

  /** A call by a borrower on a node. */
  private record Call(int borrower, int node, PaceUse use) {}

  /** The states of a call, in this order. */
  private enum Phase {
    NOT_YET,
    WAITING,
    RUNNING,
    DONE
  }

  private static final class World {
    final ProviderLimits limits;
    final List<CapacityQueue<Integer>> nodes = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final List<Phase> phases = new ArrayList<>();
    final ArrayDeque<Integer> running = new ArrayDeque<>();
    final long tokens;
    CapacityAccount account;
    int waiting;
    long largest;
    long now;
    long passed;
    long returned;

    World(long tokens, OptionalInt slots, int nodes) {
      this.tokens = tokens;
      this.limits =
          new ProviderLimits(new PaceLimits(Map.of(PaceLimit.TOKENS_PER_MINUTE, tokens)), slots);
      this.account = new CapacityAccount(limits, now);
      for (int n = 0; n < nodes; n++) {
        this.nodes.add(new CapacityQueue<>(new UUID(1, n), now));
      }
    }

    int add(Call call) {
      calls.add(call);
      phases.add(Phase.NOT_YET);
      largest = Math.max(largest, call.use().input());
      return calls.size() - 1;
    }

    CapacityQueue<Integer> queueOf(int number) {
      return nodes.get(calls.get(number).node());
    }

    void move(int number, Phase from, Phase to) {
      if (phases.set(number, to) != from) {
        throw new AssertionError("call " + number + " was not " + from);
      }
      waiting += (to == Phase.WAITING ? 1 : 0) - (from == Phase.WAITING ? 1 : 0);
    }

    void arrive(int number) {
      Call call = calls.get(number);
      switch (queueOf(number)
          .admit(number, BORROWERS[call.borrower()], 10, call.use(), now, NEVER)) {
        case PASSED -> pass(number, Phase.NOT_YET);
        case WAITING -> move(number, Phase.NOT_YET, Phase.WAITING);
        case FULL -> throw new AssertionError("there is room");
      }
    }

    void pass(int number, Phase from) {
      move(number, from, Phase.RUNNING);
      running.addLast(number);
      passed += calls.get(number).use().input();
      if (passed - returned > tokens * (now + 6_000) / A_MINUTE + largest) {
        throw new AssertionError(passed + " tokens passed within " + now + " ms");
      }
      if (running.size() > limits.concurrentCalls().orElse(Integer.MAX_VALUE)) {
        throw new AssertionError(running + " are under way");
      }
    }

    /** The oldest running call ends. */
    void end() {
      if (!running.isEmpty()) {
        int number = running.removeFirst();
        move(number, Phase.RUNNING, Phase.DONE);
        Call call = calls.get(number);
        queueOf(number)
            .settle(BORROWERS[call.borrower()], call.use(), call.use(), now)
            .forEach(next -> pass(next, Phase.WAITING));
      }
    }

    /** The provider refuses the newest running call. */
    void refuse() {
      if (!running.isEmpty()) {
        int number = running.removeLast();
        move(number, Phase.RUNNING, Phase.WAITING);
        Call call = calls.get(number);
        returned += call.use().input();
        queueOf(number).pause(new PaceRefusal(Optional.empty(), Duration.ofSeconds(2)), now);
        queueOf(number).putBack(number, BORROWERS[call.borrower()], 10, call.use(), now, NEVER);
      }
    }

    void exchange(int node) {
      CapacityQueue<Integer> queue = nodes.get(node);
      CapacityGrant granted = account.exchange(queue.state(now), now);
      queue.apply(granted, now, now).forEach(number -> pass(number, Phase.WAITING));
    }

    /** The account answers, and nobody receives it. */
    void loseAnswer(int node) {
      account.exchange(nodes.get(node).state(now), now);
    }

    void leave(int number) {
      if (phases.get(number) == Phase.WAITING) {
        move(number, Phase.WAITING, Phase.DONE);
        if (!queueOf(number).remove(number)) {
          throw new AssertionError("call " + number + " has no place");
        }
      }
    }
  }

  private interface Event {
    void happen(World world);
  }

  /**
   * Four calls of three borrowers on two nodes, of which two are larger than the burst, without a
   * limit of calls at a time and with one. All orders of four of these events, or of as many as
   * {@code claviger.turns.events} says; one less with that limit.
   */
  @Tag("thorough")
  @Test
  void every_call_passes_in_time_in_every_order_of_events() {
    List<Event> events = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      int number = c;
      events.add(
          world -> {
            if (world.phases.get(number) == Phase.NOT_YET) {
              world.arrive(number);
            }
          });
    }
    List<Event> arrivals = List.copyOf(events);
    events.add(world -> world.exchange(0));
    events.add(world -> world.exchange(1));
    events.add(world -> world.now += 1_000);
    events.add(world -> world.leave(3));
    events.add(World::end);
    events.add(World::refuse);
    events.add(world -> world.loseAnswer(0));
    int most = Integer.getInteger("claviger.turns.events", 4);
    long histories = 0;
    for (OptionalInt slots : List.of(OptionalInt.empty(), OptionalInt.of(1))) {
      int[] order = new int[most - slots.orElse(0)];
      do {
        World world = new World(6_000, slots, 2);
        world.add(new Call(0, 0, PaceUse.ofCall(700, 0)));
        world.add(new Call(0, 1, PaceUse.ofCall(10, 0)));
        world.add(new Call(1, 0, PaceUse.ofCall(10, 0)));
        world.add(new Call(2, 1, PaceUse.ofCall(1_500, 0)));
        for (int event : order) {
          events.get(event).happen(world);
        }
        arrivals.forEach(arrival -> arrival.happen(world));
        drain(world);
        histories++;
      } while (next(order, events.size()));
    }
    assertThat(histories).isEqualTo((long) (Math.pow(11, most) + Math.pow(11, most - 1)));
  }

  /**
   * All need 2,220 tokens, of which 600 are there, the others take 17 seconds, as long again where
   * calls were refused, and a second for each node to notice.
   */
  private static void drain(World world) {
    long latest = world.now + 40_000;
    while (world.waiting > 0) {
      if (world.now >= latest) {
        throw new AssertionError(world.phases + " after " + world.now + " ms");
      }
      world.now += 1_000;
      while (!world.running.isEmpty()) {
        world.end();
      }
      world.exchange(0);
      world.exchange(1);
    }
    while (!world.running.isEmpty()) {
      world.end();
    }
    for (CapacityQueue<Integer> queue : world.nodes) {
      if (queue.waiting() + queue.running() > 0) {
        throw new AssertionError("something is left");
      }
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

  /**
   * A borrower who asks for little is not kept waiting by others, however much these ask for: after
   * whatever has happened, all of their calls pass within seconds in which nodes ask as usual. The
   * build plays 300 schedules; {@code -Dclaviger.schedules=1000000} plays more.
   */
  @Tag("slow")
  @Test
  void nobody_starves_in_random_schedules() {
    long seed = Long.getLong("claviger.schedules.seed", 7);
    int schedules = Integer.getInteger("claviger.schedules", 300);
    for (int schedule = 0; schedule < schedules; schedule++) {
      SplittableRandom random = new SplittableRandom(seed + schedule);
      try {
        play(random);
      } catch (AssertionError e) {
        throw new AssertionError("-Dclaviger.schedules.seed=" + (seed + schedule), e);
      }
    }
  }

  private static void play(SplittableRandom random) {
    OptionalInt slots = random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(40);
    World world = new World(6_000, slots, 2);
    List<Integer> polite = new ArrayList<>();
    for (int step = 0; step < 25; step++) {
      int greedy = random.nextInt(10);
      for (int c = 0; c < greedy; c++) {
        arrive(world, new Call(0, random.nextInt(2), PaceUse.ofCall(1 + random.nextInt(400), 0)));
      }
      if (random.nextInt(5) == 0) {
        polite.add(
            arrive(
                world, new Call(1, random.nextInt(2), PaceUse.ofCall(1 + random.nextInt(100), 0))));
      }
      world.now += random.nextInt(2_000);
      for (int node = 0; node < 2; node++) {
        if (random.nextInt(8) > 0) {
          world.exchange(node);
        }
      }
      switch (random.nextInt(8)) {
        case 0 -> world.refuse();
        case 1 ->
            world.account = CapacityAccount.read(world.account.write(), world.limits, world.now);
        case 2 -> world.loseAnswer(random.nextInt(2));
        case 3 -> {
          if (!world.calls.isEmpty()) {
            world.leave(random.nextInt(world.calls.size()));
          }
        }
        default -> {}
      }
      while (world.running.size() > random.nextInt(8)) {
        world.end();
      }
    }
    long until = world.now + WAITS_AT_MOST;
    while (world.now < until) {
      for (int c = 0; c < 4; c++) {
        arrive(world, new Call(0, c % 2, PaceUse.ofCall(50 * (c + 1), 0)));
      }
      world.now += 1_000;
      world.exchange(0);
      world.exchange(1);
      while (!world.running.isEmpty()) {
        world.end();
      }
    }
    for (int number : polite) {
      if (world.phases.get(number) == Phase.WAITING) {
        throw new AssertionError("call " + number + " still waits after " + world.now);
      }
    }
  }

  private static int arrive(World world, Call call) {
    int number = world.add(call);
    if (world.nodes.get(call.node()).waiting() < 60) {
      world.arrive(number);
    }
    return number;
  }
}
