package io.claviger.domain.fairness;

import static io.claviger.domain.fairness.FairnessSimulation.perMinute;
import static io.claviger.domain.fairness.FairnessSimulation.twoNodes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Borrowers who call as often as they can, on two nodes, in virtual time. {@code
 * benchmarks/fairness/run} plays the same on real nodes, and prints both.
 */
class SaturatedSharesTest {
  private static final int[] WEIGHTS = {1, 2, 5, 10, 15, 20};
  private static final int PER_MINUTE = 2_400;
  private static final int CALLS_AT_A_TIME = 16;
  private static final int CALL_MILLIS = 20;
  private static final int MAX_WAIT_MILLIS = 10_000;
  private static final PaceUse CALL = PaceUse.ofCall(0, 0);

  /** A call of a borrower at one of the nodes; its next one goes to the other node. */
  private static final class Call {
    final int who;
    int node;

    Call(int who, int node) {
      this.who = who;
      this.node = node;
    }
  }

  private record Event(long at, Call call) {}

  private final CapacityAccount account =
      new CapacityAccount(perMinute(PaceLimit.REQUESTS_PER_MINUTE, PER_MINUTE), 0);
  private final List<CapacityQueue<Call>> nodes = twoNodes();
  private final PriorityQueue<Event> ends =
      new PriorityQueue<>((one, other) -> Long.compare(one.at, other.at));
  private final int[] passed = new int[WEIGHTS.length];

  private void ask(Call call, long now) {
    switch (nodes
        .get(call.node)
        .admit(call, id(call), WEIGHTS[call.who], CALL, now, now + MAX_WAIT_MILLIS)) {
      case PASSED -> pass(call, now);
      case WAITING -> {}
      case FULL -> ends.add(new Event(now + CALL_MILLIS, call));
    }
  }

  private static UUID id(Call call) {
    return new UUID(2, call.who);
  }

  private void pass(Call call, long now) {
    passed[call.who]++;
    nodes.get(call.node).settle(id(call), CALL, CALL, now);
    ends.add(new Event(now + CALL_MILLIS, call));
  }

  /**
   * Returns the share of each borrower's calls in all calls. The simulation first runs for the same
   * number of seconds without counting.
   */
  double[] parts(int seconds) {
    for (int who = 0; who < WEIGHTS.length; who++) {
      for (int n = 0; n < CALLS_AT_A_TIME; n++) {
        ends.add(new Event(0, new Call(who, n % 2)));
      }
    }
    for (long now = 0; now < 2_000L * seconds; now++) {
      if (now == 1_000L * seconds) {
        Arrays.fill(passed, 0);
      }
      while (!ends.isEmpty() && ends.element().at <= now) {
        Call call = ends.remove().call;
        call.node = 1 - call.node;
        ask(call, now);
      }
      for (int n = 0; n < nodes.size(); n++) {
        if (now % 1_000 == n * 500L) {
          exchange(nodes.get(n), now);
        }
      }
    }
    double all = IntStream.of(passed).sum();
    return IntStream.of(passed).mapToDouble(each -> each / all).toArray();
  }

  private void exchange(CapacityQueue<Call> node, long now) {
    node.removeOverdue(now).forEach(call -> ends.add(new Event(now + CALL_MILLIS, call)));
    CapacityGrant granted = account.exchange(node.state(now), now);
    node.apply(granted, now, now).forEach(call -> pass(call, now));
  }

  @Test
  void borrowers_who_want_everything_get_what_their_weights_say() {
    double[] parts = parts(20);
    double weights = IntStream.of(WEIGHTS).sum();
    for (int who = 0; who < WEIGHTS.length; who++) {
      assertThat(parts[who])
          .as(Arrays.toString(parts))
          .isCloseTo(WEIGHTS[who] / weights, within(0.01));
    }
    assertThat(IntStream.of(passed).sum() / (20.0 * PER_MINUTE / 60)).isBetween(0.97, 1.01);
  }

  /** Prints the weight and the part of each borrower. */
  public static void main(String[] seconds) {
    double[] parts = new SaturatedSharesTest().parts(Integer.parseInt(seconds[0]));
    for (int who = 0; who < WEIGHTS.length; who++) {
      System.out.println(WEIGHTS[who] + " " + parts[who]);
    }
  }
}
