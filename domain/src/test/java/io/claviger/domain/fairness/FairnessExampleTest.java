package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/fairness.md}: ten people share 60 requests a minute. */
class FairnessExampleTest {
  private static final int LIMIT = 60;
  private static final int CONNECTIONS = 64;
  private static final int MAX_WAIT = 10_000;
  private static final int CALL_MILLIS = 500;
  private static final int MINUTE = 60_000;
  private static final int MINUTES = 20;

  /**
   * The first person always has as many calls as there are connections. The others make this many
   * calls per minute.
   */
  private static final List<Integer> WANTED = List.of(0, 10, 10, 10, 2, 2, 2, 2, 2, 2);

  /** The results of one person's calls. */
  private static final class Tally {
    int asked;
    int passed;
    long waited;
    long longest;

    void pass(long millis) {
      passed++;
      waited += millis;
      longest = Math.max(longest, millis);
    }
  }

  private record Call(int who, long since) {}

  /** A call that tries again, as SDKs do. */
  private record Attempt(long at, int who, int number) {}

  private static List<Tally> tallies() {
    List<Tally> all = new ArrayList<>();
    WANTED.forEach(each -> all.add(new Tally()));
    return all;
  }

  /**
   * The provider serves calls in their order of arrival. Refused calls are repeated after one
   * second and after two seconds.
   */
  private static List<Tally> firstComeFirstServed() {
    SplittableRandom random = new SplittableRandom(1);
    List<Tally> all = tallies();
    PriorityQueue<Attempt> attempts =
        new PriorityQueue<>((one, other) -> Long.compare(one.at, other.at));
    for (int c = 0; c < CONNECTIONS; c++) {
      attempts.add(new Attempt(random.nextInt(1_000), 0, 0));
    }
    for (int who = 1; who < WANTED.size(); who++) {
      attempts.add(new Attempt(random.nextInt(MINUTE / WANTED.get(who)), who, 0));
    }
    double level = LIMIT / 10.0;
    long at = 0;
    while (attempts.element().at < (long) MINUTES * MINUTE) {
      Attempt next = attempts.remove();
      level = Math.min(LIMIT / 10.0, level + (next.at - at) * LIMIT / (double) MINUTE);
      at = next.at;
      boolean served = level >= 1;
      level -= served ? 1 : 0;
      if (served) {
        all.get(next.who).passed++;
      }
      if (next.who == 0) {
        attempts.add(new Attempt(at + (served ? CALL_MILLIS : 1_000), 0, 0));
        continue;
      }
      if (next.number == 0) {
        attempts.add(
            new Attempt(at + random.nextInt(2 * MINUTE / WANTED.get(next.who)), next.who, 0));
      }
      if (!served && next.number < 2) {
        attempts.add(new Attempt(at + 1_000L * (next.number + 1), next.who, next.number + 1));
      }
    }
    return all;
  }

  /** The borrowers take turns, half of them on each of two nodes. */
  private static final class TakingTurns {
    final CapacityAccount account =
        new CapacityAccount(FairnessSimulation.perMinute(PaceLimit.REQUESTS_PER_MINUTE, LIMIT), 0);
    final List<CapacityQueue<Call>> nodes = FairnessSimulation.twoNodes();
    final List<Tally> all = tallies();
    final int[] weights;
    int waiting;

    TakingTurns(int... weights) {
      this.weights = weights;
    }

    private static UUID id(int who) {
      return new UUID(2, who);
    }

    private static int interval(int calls) {
      return calls == 0 ? 500 : MINUTE / calls;
    }

    private void ask(int who, long now) {
      all.get(who).asked++;
      Call call = new Call(who, now);
      CapacityQueue.Admission admitted =
          nodes
              .get(who % 2)
              .admit(call, id(who), weights[who], PaceUse.ofCall(0, 0), now, now + MAX_WAIT);
      switch (admitted) {
        case PASSED -> pass(call, now);
        case WAITING -> waiting += who == 0 ? 1 : 0;
        case FULL -> {}
      }
    }

    private void pass(Call call, long now) {
      waiting -= call.who == 0 && call.since < now ? 1 : 0;
      all.get(call.who).pass(now - call.since);
      nodes.get(call.who % 2).settle(id(call.who), PaceUse.ofCall(0, 0), PaceUse.ofCall(0, 0), now);
    }

    /** Calls come at random times. */
    List<Tally> run(List<Integer> wanted) {
      SplittableRandom random = new SplittableRandom(1);
      long[] next = new long[wanted.size()];
      for (int who = 1; who < next.length; who++) {
        next[who] = random.nextInt(2 * interval(wanted.get(who)));
      }
      return run(next, who -> random.nextInt(2 * interval(wanted.get(who))));
    }

    /** Calls come at even intervals, shortly after those of the one before. */
    List<Tally> runEvenly(List<Integer> wanted, long apart) {
      long[] next = new long[wanted.size()];
      for (int who = 1; who < next.length; who++) {
        next[who] = interval(wanted.get(who)) - apart * who;
      }
      return run(next, who -> interval(wanted.get(who)));
    }

    private List<Tally> run(long[] next, IntUnaryOperator intervals) {
      long end = (long) MINUTES * MINUTE;
      for (long now = 0; now < end; now += 10) {
        for (int who = 1; who < next.length; who++) {
          if (now >= next[who]) {
            next[who] += intervals.applyAsInt(who);
            ask(who, now);
          }
        }
        while (waiting < CONNECTIONS) {
          int before = waiting;
          ask(0, now);
          if (waiting == before) {
            break;
          }
        }
        for (int n = 0; n < nodes.size(); n++) {
          if (now % 1_000 == n * 500L) {
            exchange(nodes.get(n), now);
          }
        }
      }
      return all;
    }

    private void exchange(CapacityQueue<Call> node, long now) {
      node.removeOverdue(now).forEach(call -> waiting -= call.who == 0 ? 1 : 0);
      CapacityGrant granted = account.exchange(node.state(now), now);
      node.apply(granted, now, now).forEach(call -> pass(call, now));
    }
  }

  private static final List<Integer> EVERYTHING = Collections.nCopies(10, 0);

  /** Calls a minute that went out, on average of these people. */
  private static double aMinute(List<Tally> of) {
    return of.stream().mapToInt(each -> each.passed).average().orElseThrow() / MINUTES;
  }

  private static double seconds(List<Tally> of) {
    return of.stream().mapToLong(each -> each.waited).sum()
        / 1_000.0
        / of.stream().mapToInt(each -> each.passed).sum();
  }

  /** The numbers of the page that stand in the groups of an expression. */
  private static List<Double> numbers(String page, String expression) {
    Matcher found = Pattern.compile(expression).matcher(page);
    assertThat(found.find()).as(expression).isTrue();
    return IntStream.rangeClosed(1, found.groupCount())
        .mapToObj(group -> Double.valueOf(found.group(group)))
        .toList();
  }

  @Test
  void whoever_asks_for_less_than_their_part_gets_it_whenever_their_calls_come() {
    for (long apart : List.of(0L, 100L, 370L, 1_010L)) {
      List<Tally> all =
          new TakingTurns(10, 10, 10, 10, 10, 10, 10, 10, 10, 10).runEvenly(WANTED, apart);
      for (int who = 1; who < WANTED.size(); who++) {
        String figures = "%d, %d ms apart".formatted(who, apart);
        Tally each = all.get(who);
        assertThat(each.passed).as(figures).isGreaterThanOrEqualTo(each.asked - 1);
        // Nine calls that come at once take nine seconds.
        assertThat(each.longest).as(figures).isLessThan(9_000);
      }
      assertThat(seconds(all.subList(1, 10))).as("%d ms apart", apart).isLessThan(4);
    }
  }

  @Test
  void the_page_has_the_numbers_of_the_rules() throws IOException {
    String page = Files.readString(Path.of("../docs/fairness.md"));
    List<Tally> first = firstComeFirstServed();
    List<Tally> turns = new TakingTurns(10, 10, 10, 10, 10, 10, 10, 10, 10, 10).run(WANTED);
    List<Tally> heavy = new TakingTurns(10, 20, 10, 10, 10, 10, 10, 10, 10, 10).run(EVERYTHING);

    Map<String, List<Integer>> rows =
        Map.of(
            "Ana.* can get", List.of(0, 1), "Ben.* 10", List.of(1, 4), "six.* 2", List.of(4, 10));
    rows.forEach(
        (who, which) -> {
          List<Double> said =
              numbers(page, "\\| " + who + " \\| (\\d+) \\| (\\d+) \\| (\\d+) s \\|");
          List<Tally> taking = turns.subList(which.get(0), which.get(1));
          assertThat(said.get(0))
              .isCloseTo(aMinute(first.subList(which.get(0), which.get(1))), within(1.0));
          assertThat(said.get(1)).isCloseTo(aMinute(taking), within(1.0));
          assertThat(said.get(2)).isCloseTo(seconds(taking), within(1.5));
        });
    List<Double> said =
        numbers(page, "he gets (\\d+) a minute, and each of the others ([\\d.]+)\\. ");
    assertThat(said.get(0)).isCloseTo(aMinute(heavy.subList(1, 2)), within(0.5));
    assertThat(said.get(1)).isCloseTo(aMinute(heavy.subList(2, 10)), within(0.5));
    assertThat(turns.stream().mapToInt(each -> each.passed).sum())
        .isBetween(LIMIT * (MINUTES - 1), LIMIT * (MINUTES + 1));
  }
}
