package io.claviger.domain.fairness;

import static io.claviger.domain.fairness.FairnessSimulation.perMinute;
import static io.claviger.domain.fairness.FairnessSimulation.twoNodes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Nineteen borrowers with small calls share 100,000 tokens a minute with one whose calls are
 * expected to use up to nearly all of them each. Half of them call on each of two nodes.
 */
final class LargeCallsTest {
  private static final long LIMIT = 100_000;
  private static final int POLITE = 19;
  private static final int MAX_WAIT = 10_000;
  private static final int MINUTE = 60_000;
  private static final int POLITE_MILLIS = 2_000;
  private static final PaceUse SMALL = PaceUse.ofCall(800, 200);

  private record Call(int who, int number, long since) {}

  private record End(long at, int node, Call call) {}

  /** Plays some minutes. */
  private static final class Play {
    final PaceUse expected;
    final PaceUse used;
    final int millis;
    final int atATime;
    final CapacityAccount account =
        new CapacityAccount(perMinute(PaceLimit.TOKENS_PER_MINUTE, LIMIT), 0);
    final List<CapacityQueue<Call>> nodes = twoNodes();
    final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::at));
    final List<Long> waits = new ArrayList<>();
    final SplittableRandom random = new SplittableRandom(1);
    int large;
    int waitingLarge;
    int asked;
    int numbers;

    /**
     * @param load which part of the limit the small calls take, in percent
     * @param expected what each large call is expected to use
     * @param used what it uses
     * @param millis how long it takes
     * @param atATime how many of them wait at a time
     */
    Play(int minutes, int load, PaceUse expected, PaceUse used, int millis, int atATime) {
      this.expected = expected;
      this.used = used;
      this.millis = millis;
      this.atATime = atATime;
      double[] next = new double[POLITE];
      double interval = MINUTE / (LIMIT * load / 100.0 / 1_000 / POLITE);
      for (int who = 0; who < POLITE; who++) {
        next[who] = random.nextDouble() * 2 * interval;
      }
      for (long now = 0; now < (long) minutes * MINUTE; now += 20) {
        while (!ends.isEmpty() && ends.peek().at <= now) {
          end(ends.remove(), now);
        }
        for (int who = 0; who < POLITE; who++) {
          if (now >= next[who]) {
            next[who] += random.nextDouble() * 2 * interval;
            asked++;
            ask(who, now);
          }
        }
        for (int tries = atATime; tries > 0 && waitingLarge < atATime; tries--) {
          ask(POLITE, now);
        }
        for (int n = 0; n < nodes.size(); n++) {
          if (now % 1_000 == n * 500L) {
            exchange(n, now);
          }
        }
      }
      waits.sort(null);
    }

    private void ask(int who, long now) {
      Call call = new Call(who, numbers++, now);
      PaceUse use = who == POLITE ? expected : SMALL;
      CapacityQueue<Call> node = nodes.get(who % 2);
      switch (node.admit(call, new UUID(2, who), 10, use, now, now + MAX_WAIT)) {
        case PASSED -> pass(who % 2, call, now, false);
        case WAITING -> waitingLarge += who == POLITE ? 1 : 0;
        case FULL -> {}
      }
    }

    private void pass(int node, Call call, long now, boolean waited) {
      if (call.who == POLITE) {
        large++;
        waitingLarge -= waited ? 1 : 0;
      } else {
        waits.add(now - call.since);
      }
      ends.add(new End(now + (call.who == POLITE ? millis : POLITE_MILLIS), node, call));
    }

    private void end(End end, long now) {
      boolean isLarge = end.call.who == POLITE;
      nodes
          .get(end.node)
          .settle(
              new UUID(2, end.call.who), isLarge ? expected : SMALL, isLarge ? used : SMALL, now)
          .forEach(call -> pass(end.node, call, now, true));
    }

    private void exchange(int n, long now) {
      CapacityQueue<Call> node = nodes.get(n);
      node.removeOverdue(now).forEach(call -> waitingLarge -= call.who == POLITE ? 1 : 0);
      CapacityGrant granted = account.exchange(node.state(now), now);
      node.apply(granted, now, now).forEach(call -> pass(n, call, now, true));
    }

    /** The part of the small calls that went out. */
    double share() {
      return waits.size() / (double) asked;
    }

    /** 99 % of the small calls waited at most this long. */
    long wait99() {
      return waits.get(waits.size() * 99 / 100);
    }

    String figures() {
      return "%.3f of small calls, p99 %d ms, %d large calls".formatted(share(), wait99(), large);
    }
  }

  private static final PaceUse NOTHING = PaceUse.ofCall(0, 0);

  /** Each of them says that it will use much, and fails at once or after some seconds. */
  @Test
  void who_reserves_much_and_uses_nothing_takes_little_from_others() {
    for (PaceUse expected :
        List.of(
            PaceUse.ofCall(50, 95_000),
            PaceUse.ofCall(95_000, 50),
            PaceUse.ofCall(50, 33_000),
            PaceUse.ofCall(4_900, 4_900))) {
      for (int millis : new int[] {100, 8_000}) {
        for (int atATime : new int[] {1, 50}) {
          Play play = new Play(5, 85, expected, NOTHING, millis, atATime);
          assertThat(play.share()).as(play.figures()).isGreaterThanOrEqualTo(0.98);
          assertThat(play.wait99()).as(play.figures()).isLessThan(millis < 1_000 ? 3_000 : 8_000);
        }
      }
    }
  }

  /** Others wait while something is reserved, so nobody gains by reserving what they don't use. */
  @Test
  void to_reserve_a_burst_in_vain_takes_no_more_from_others_than_to_use_it() {
    PaceUse burst = PaceUse.ofCall(4_900, 4_900);
    for (int atATime : new int[] {1, 3}) {
      Play used = new Play(15, 85, burst, burst, 8_000, atATime);
      Play inVain = new Play(15, 85, burst, NOTHING, 8_000, atATime);
      assertThat(inVain.share()).as(inVain.figures()).isGreaterThan(used.share());
      assertThat(inVain.wait99()).as(inVain.figures()).isLessThan(used.wait99());
    }
  }

  /** Amounts that others leave are kept for a large call, so that the call gets its turn. */
  @Test
  void large_calls_that_use_what_they_reserve_go_out_by_what_others_leave() {
    PaceUse large = PaceUse.ofCall(89_000, 1_000);
    Play play = new Play(10, 50, large, large, 15_000, 2);
    assertThat(play.large).as(play.figures()).isGreaterThanOrEqualTo(3);
    assertThat(play.share()).as(play.figures()).isGreaterThanOrEqualTo(0.95);
    assertThat(play.wait99()).as(play.figures()).isLessThan(6_000);
  }
}
