package io.claviger.domain.fairness;

import static io.claviger.domain.fairness.FairnessSimulation.perMinute;
import static io.claviger.domain.fairness.FairnessSimulation.twoNodes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Four coding agents and a batch job of eight calls at a time share 100,000 tokens a minute on two
 * nodes, as in {@code benchmarks/fairness/run}: calls of 2 to 4 % of that, whose answers come after
 * 1.5 s and say what was left when the provider counted the call. The provider's bucket holds six
 * seconds, as the account's does.
 */
final class AgentsBesideBatchTest {
  private static final long LIMIT = 100_000;
  private static final int ANSWER_MILLIS = 1_500;
  private static final int MAX_WAIT = 60_000;
  private static final int BATCH = 4;

  private record Call(int who, int turn, PaceUse use, long since, long number) {}

  /** A call that comes, or one that ends on a node, with what the provider said was left. */
  private record Event(long at, int node, Call call, long left) {
    static final int COMES = -1;
  }

  private static final class Play {
    final int over;
    final int age;
    final CapacityAccount account =
        new CapacityAccount(perMinute(PaceLimit.TOKENS_PER_MINUTE, LIMIT), 0);
    final List<CapacityQueue<Call>> nodes = twoNodes();
    final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    final SplittableRandom random = new SplittableRandom(1);
    final List<Long> waits = new ArrayList<>();
    double level = LIMIT / 10.0;
    long levelAt;
    long calls;
    long tokens;
    int refused;

    /**
     * @param over by how much more output calls are expected than they use
     * @param age the assumed age of the figures in an answer
     */
    Play(int seconds, int over, int age) {
      this.over = over;
      this.age = age;
      for (int who = 0; who < BATCH; who++) {
        comes(random.nextInt(30_000), who, 0);
      }
      for (int each = 0; each < 8; each++) {
        comes(0, BATCH, 0);
      }
      for (long now = 0; now < seconds * 1_000L; now += 5) {
        while (!events.isEmpty() && events.peek().at <= now) {
          happen(events.remove(), now);
        }
        for (int n = 0; n < nodes.size(); n++) {
          if (now % 1_000 == n * 500L) {
            CapacityQueue<Call> node = nodes.get(n);
            CapacityGrant granted = account.exchange(node.state(now), now);
            for (Call call : node.apply(granted, now, now)) {
              goesOut(n, call, now);
            }
          }
        }
      }
      waits.sort(null);
    }

    private void comes(long at, int who, int turn) {
      PaceUse use =
          who == BATCH ? PaceUse.ofCall(2_500, 400) : PaceUse.ofCall(1_500 + 600 * turn, 300);
      events.add(new Event(at, Event.COMES, new Call(who, turn, use, at, calls++), 0));
    }

    private void happen(Event event, long now) {
      Call call = event.call;
      UUID borrower = new UUID(2, call.who);
      if (event.node == Event.COMES) {
        int n = random.nextInt(2);
        CapacityQueue.Admission admission =
            nodes.get(n).admit(call, borrower, 10, expected(call), now, now + MAX_WAIT);
        if (admission == CapacityQueue.Admission.PASSED) {
          goesOut(n, call, now);
        }
        return;
      }
      CapacityQueue<Call> node = nodes.get(event.node);
      node.learn(
          new LimitStatement(
              PaceLimit.TOKENS_PER_MINUTE,
              Duration.ofMinutes(1),
              OptionalLong.of(LIMIT),
              OptionalLong.of(event.left),
              Optional.empty()),
          now - age);
      for (Call next : node.settle(borrower, expected(call), call.use, now)) {
        goesOut(event.node, next, now);
      }
      boolean pauses = call.who != BATCH && call.turn == 4;
      long pause = pauses ? 30_000 + random.nextInt(20_000) : 5;
      comes(now + pause, call.who, call.who == BATCH || pauses ? 0 : call.turn + 1);
    }

    private PaceUse expected(Call call) {
      return PaceUse.ofCall(call.use.input(), call.use.output() + over);
    }

    private void goesOut(int n, Call call, long now) {
      level = Math.min(LIMIT / 10.0, level + (now - levelAt) / 60_000.0 * LIMIT);
      levelAt = now;
      long uses = call.use.input() + call.use.output();
      refused += level < uses ? 1 : 0;
      level -= uses;
      tokens += uses;
      if (call.who != BATCH) {
        waits.add(now - call.since);
      }
      events.add(new Event(now + ANSWER_MILLIS, n, call, Math.max(0, (long) level)));
    }
  }

  @Test
  void nearly_all_is_used_by_calls_of_a_few_hundredths_of_it() {
    Play exact = new Play(240, 0, ANSWER_MILLIS);
    assertThat(exact.tokens / (4.0 * LIMIT)).isBetween(0.97, 1.03);
    assertThat(exact.refused).isZero();
    assertThat(exact.waits.getLast()).isLessThan(15_000);
    Play some = new Play(240, 500, ANSWER_MILLIS);
    assertThat(some.tokens / (4.0 * LIMIT)).isBetween(0.97, 1.03);
    assertThat(some.refused).isZero();
  }

  /**
   * The expected use is as for the first calls of a model, which are expected to use their whole
   * output maximum.
   */
  @Test
  void reservations_of_twice_the_use_leave_small_gaps_if_figures_are_as_old_as_their_calls() {
    Play aged = new Play(240, 3_000, ANSWER_MILLIS);
    assertThat(aged.tokens / (4.0 * LIMIT)).isGreaterThan(0.92);
    Play fresh = new Play(240, 3_000, 0);
    assertThat(fresh.tokens / (4.0 * LIMIT)).as("if they count as new").isLessThan(0.9);
  }
}
