package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.fakes.InMemoryPaceLeases;
import io.claviger.application.gateway.PaceLimiter.PaceDecision;
import io.claviger.application.gateway.PaceLimiter.PacePermit;
import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.PaceDemand;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceLimiterTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 1_000_000_000L);
  private final Store store = new Store(new InMemoryPaceLeases(clock));
  private final PaceLimiter node = new PaceLimiter(store, nanos);
  private final PaceLimiter other = new PaceLimiter(store, nanos);

  /** Leases that count what is asked, and may be away. They may fail for a single subject. */
  private static final class Store implements PaceLeases {
    private final PaceLeases leases;
    private int asked;
    private boolean isAway;
    private boolean losesAnswers;
    private Optional<String> broken = Optional.empty();

    Store(PaceLeases leases) {
      this.leases = leases;
    }

    private PaceLeases asked() {
      asked++;
      if (isAway) {
        throw new StoreUnavailable(new IllegalStateException("away"));
      }
      return leases;
    }

    private PaceLeases asked(Stream<String> subjects) {
      if (subjects.anyMatch(
          subject -> broken.filter(subject.split("\\|")[0]::equals).isPresent())) {
        throw new IllegalStateException("bigint out of range");
      }
      return asked();
    }

    @Override
    public TokenLease leaseTokens(
        String subject, long perMinute, long needed, long wanted, Duration lifetime) {
      return asked().leaseTokens(subject, perMinute, needed, wanted, lifetime);
    }

    @Override
    public void giveBack(Collection<UsedTokens> ended) {
      asked(ended.stream().map(UsedTokens::subject)).giveBack(ended);
    }

    @Override
    public void owe(String subject, long perMinute, long tokens) {
      asked(Stream.of(subject)).owe(subject, perMinute, tokens);
    }

    @Override
    public int leasePlaces(PlaceWish wish, int most, Duration lifetime) {
      int got = asked(Stream.of(wish.subject())).leasePlaces(wish, most, lifetime);
      if (losesAnswers) {
        throw new StoreUnavailable(new IllegalStateException("broken off"));
      }
      return got;
    }

    @Override
    public Set<String> renewPlaces(UUID node, Collection<PlaceWish> wishes, Duration lifetime) {
      return asked(wishes.stream().map(PlaceWish::subject)).renewPlaces(node, wishes, lifetime);
    }
  }

  private void pass(Duration time) {
    clock.advance(time);
    nanos.advance(time);
  }

  /** Lets time pass on nodes that renew and report as they do while they run. */
  private void passOn(Duration time, PaceLimiter... nodes) {
    for (int second = 0; second < time.toSeconds(); second++) {
      pass(Duration.ofSeconds(1));
      for (PaceLimiter each : nodes) {
        each.sweep();
        each.renew();
      }
    }
  }

  private static List<PaceMeter> tokens(long most) {
    return tokensOf("a", most);
  }

  private static List<PaceMeter> tokensOf(String subject, long most) {
    return List.of(new PaceMeter(subject, PaceKind.TOKENS, most, true));
  }

  private static List<PaceMeter> calls(long most) {
    return callsOf("a", most);
  }

  private static List<PaceMeter> callsOf(String subject, long most) {
    return List.of(new PaceMeter(subject, PaceKind.CONCURRENT, most, true));
  }

  private static PaceDemand demand(long input, long output) {
    PaceUse use = PaceUse.ofCall(input, output);
    return new PaceDemand(use, use);
  }

  private static PaceDecision take(PaceLimiter on, List<PaceMeter> meters, long tokens) {
    return on.take(meters, demand(0, tokens));
  }

  private static PacePermit taken(PaceDecision decision) {
    assertThat(decision).isInstanceOf(PaceDecision.Taken.class);
    return ((PaceDecision.Taken) decision).permit();
  }

  private static Duration exhausted(PaceDecision decision) {
    assertThat(decision).isInstanceOf(PaceDecision.Exhausted.class);
    return ((PaceDecision.Exhausted) decision).retryAfter();
  }

  private static boolean isTaken(PaceDecision decision) {
    return decision instanceof PaceDecision.Taken;
  }

  @Test
  void a_call_without_limits_is_taken_without_the_database() {
    assertThat(node.takeAtOnce(List.of(), PaceDemand.OF_NO_TOKENS))
        .isInstanceOf(PaceDecision.Taken.class);
    assertThat(node.takeAtOnce(tokens(5), PaceDemand.OF_NO_TOKENS))
        .isInstanceOf(PaceDecision.Taken.class);
    assertThat(store.asked).isZero();
    assertThat(node.subjects()).isZero();
  }

  @Test
  void tokens_are_used_up_on_all_nodes_and_free_again_a_minute_later() {
    PacePermit unused = taken(take(node, tokens(1_000), 700));
    PacePermit alsoUnused = taken(take(other, tokens(1_000), 300));

    assertThat(exhausted(take(node, tokens(1_000), 1))).isEqualTo(Duration.ofSeconds(60));
    pass(Duration.ofSeconds(63));
    assertThat(isTaken(take(node, tokens(1_000), 1_000))).isTrue();
  }

  @Test
  void what_a_call_leaves_over_is_free_for_the_next_on_any_node() {
    taken(take(node, tokens(1_000), 900)).settle(PaceUse.ofCall(20, 80));
    taken(take(node, tokens(1_000), 900)).settle(PaceUse.ofCall(20, 80));
    taken(take(node, tokens(1_000), 700)).close();

    pass(LeasedTokens.LIFETIME);
    node.sweep();

    assertThat(isTaken(take(other, tokens(1_000), 801))).isFalse();
    pass(LeasedTokens.BELIEVED);
    assertThat(isTaken(take(other, tokens(1_000), 800))).isTrue();
  }

  @Test
  void what_a_call_uses_besides_is_paid_back_by_the_next_ones() {
    taken(take(node, tokens(1_000), 100)).settle(PaceUse.ofCall(0, 2_100));

    node.sweep();
    assertThat(exhausted(take(other, tokens(1_000), 100))).isEqualTo(Duration.ofSeconds(60));
    int refused = 0;
    while (!isTaken(take(other, tokens(1_000), 100))) {
      refused++;
      pass(Duration.ofSeconds(5));
    }
    assertThat(refused * 5).isBetween(120, 135);
  }

  @Test
  void usage_that_a_provider_made_up_is_no_more_than_is_believed_and_never_less_than_nothing() {
    taken(take(node, tokens(1_000), 100)).settle(PaceUse.ofCall(-5, -1_000_000));
    assertThat(isTaken(take(node, tokens(1_000), 1_000))).isTrue();

    taken(take(node, List.of(new PaceMeter("b", PaceKind.TOKENS, 10, true)), 1))
        .settle(PaceUse.ofCall(Long.MAX_VALUE, Long.MAX_VALUE));
    node.sweep();
    passOn(Duration.ofMinutes(2), node);
    assertThat(isTaken(take(node, List.of(new PaceMeter("b", PaceKind.TOKENS, 10, true)), 1)))
        .isFalse();
  }

  @Test
  void kinds_of_tokens_are_counted_apart_and_taken_together_or_not_at_all() {
    List<PaceMeter> both =
        List.of(
            new PaceMeter("a", PaceKind.INPUT_TOKENS, 100, true),
            new PaceMeter("a", PaceKind.OUTPUT_TOKENS, 50, true),
            new PaceMeter("a", PaceKind.CONCURRENT, 1, true));
    PacePermit running = taken(node.take(both, demand(60, 10)));
    assertThat(node.take(both, demand(1, 1)))
        .isEqualTo(new PaceDecision.Exhausted(both.get(2), Duration.ofSeconds(1)));
    running.settle(PaceUse.ofCall(60, 10));

    assertThat(node.take(both, demand(40, 50)))
        .isInstanceOfSatisfying(
            PaceDecision.Exhausted.class, why -> assertThat(why.meter()).isEqualTo(both.get(1)));
    assertThat(isTaken(node.take(both, demand(40, 40)))).isTrue();
  }

  @Test
  void a_call_larger_than_the_limit_is_told_so_unless_only_earlier_calls_let_it_seem_so() {
    assertThat(take(node, tokens(100), 101))
        .isEqualTo(new PaceDecision.TooLarge(tokens(100).getFirst()));

    PaceDemand like = new PaceDemand(PaceUse.ofCall(0, 5_000), PaceUse.ofCall(0, 80));
    PacePermit all = taken(node.take(tokens(100), like));
    assertThat(isTaken(take(node, tokens(100), 1))).isFalse();
    all.settle(PaceUse.ofCall(0, 30));
    assertThat(isTaken(take(node, tokens(100), 70))).isTrue();
    assertThat(store.asked).isPositive();
  }

  @Test
  void a_fault_in_one_part_of_a_calls_spending_keeps_no_other_part() {
    List<CallUse> charged = new ArrayList<>();
    CallSpending faulty =
        new CallSpending() {
          @Override
          public boolean isStrict() {
            return false;
          }

          @Override
          public Optional<CallEstimate> estimate() {
            throw new IllegalStateException("odd");
          }

          @Override
          public Optional<CallCharge> settle(CallUse use) {
            charged.add(use);
            return Optional.empty();
          }

          @Override
          public void close() {}
        };
    CallUse use = CallUse.of(TokenUsage.NONE, CallUse.Evidence.UNKNOWN);
    PacedSpending both = new PacedSpending(faulty, taken(take(node, calls(1), 1)));

    assertThatIllegalStateException().isThrownBy(() -> both.settle(use));

    assertThat(charged).containsExactly(use);
    assertThat(isTaken(take(node, calls(1), 1))).isTrue();
  }

  @Test
  void busy_callers_seldom_ask_the_database() {
    for (int i = 0; i < 1_000; i++) {
      taken(take(node, tokens(10_000_000), 100)).settle(PaceUse.ofCall(0, 100));
      pass(Duration.ofMillis(10));
    }

    assertThat(store.asked).isLessThan(40);
  }

  @Test
  void calls_at_a_time_are_counted_on_all_nodes_and_ended_ones_make_room() {
    PacePermit one = taken(take(node, calls(3), 0));
    PacePermit two = taken(take(node, calls(3), 0));
    PacePermit three = taken(take(other, calls(3), 0));

    assertThat(exhausted(take(node, calls(3), 0))).isEqualTo(Duration.ofSeconds(1));
    assertThat(node.peek(calls(3))).isPresent();
    assertThat(exhausted(take(other, calls(3), 0))).isEqualTo(Duration.ofSeconds(1));

    one.close();
    one.settle(PaceUse.NONE);
    assertThat(node.peek(calls(3))).isEmpty();
    assertThat(isTaken(take(node, calls(3), 0))).isTrue();
    two.close();
    passOn(Duration.ofSeconds(2), node, other);
    assertThat(isTaken(take(other, calls(3), 0))).isTrue();
    three.close();
  }

  @Test
  void a_place_whose_return_failed_is_returned_again() {
    taken(take(node, calls(1), 1)).close();
    passOn(Duration.ofSeconds(1), node);
    store.isAway = true;
    pass(Duration.ofSeconds(1));
    renew(node);
    store.isAway = false;
    passOn(Duration.ofSeconds(1), node);

    taken(take(other, calls(1), 1)).close();
  }

  @Test
  void a_place_that_was_leased_without_an_answer_is_returned() {
    store.losesAnswers = true;
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> take(node, calls(1), 1));
    store.losesAnswers = false;
    assertThat(take(other, calls(1), 1)).isInstanceOf(PaceDecision.Exhausted.class);
    passOn(Duration.ofSeconds(1), node);

    taken(take(other, calls(1), 1)).close();
  }

  @Test
  void a_return_is_tried_no_longer_than_the_lease_may_last() {
    taken(take(node, calls(1), 1)).close();
    passOn(Duration.ofSeconds(1), node);
    store.isAway = true;
    int asked = store.asked;
    for (int second = 0; second < 30; second++) {
      pass(Duration.ofSeconds(1));
      renew(node);
    }
    assertThat(store.asked - asked).isBetween(2, 10);
    assertThat(node.subjects()).isZero();
  }

  @Test
  void who_only_looks_keeps_no_place_from_other_nodes() {
    assertThat(node.usedUp(calls(1))).isEmpty();
    PacePermit runs = taken(take(other, calls(1), 0));

    assertThat(node.usedUp(calls(1))).contains(calls(1).getFirst());
    assertThat(other.usedUp(calls(1))).contains(calls(1).getFirst());
    runs.close();
    assertThat(other.usedUp(calls(1))).isEmpty();
    pass(LeasedPlaces.BELIEVED);
    assertThat(isTaken(take(node, calls(1), 0))).isTrue();
  }

  @Test
  void calls_that_last_longer_than_their_lease_keep_their_places() {
    PacePermit stream = taken(take(node, calls(2), 0));
    passOn(Duration.ofHours(2), node, other);

    assertThat(isTaken(take(other, calls(2), 0))).isTrue();
    assertThat(isTaken(take(other, calls(2), 0))).isFalse();
    assertThat(store.asked).isLessThan(2 * 60 * 60);
    stream.close();
    passOn(Duration.ofSeconds(2), node, other);
    assertThat(isTaken(take(other, calls(2), 0))).isTrue();
  }

  @Test
  void the_places_of_a_node_that_died_are_free_when_its_lease_ends() {
    PacePermit unused = taken(take(node, calls(1), 0));

    passOn(LeasedPlaces.LIFETIME.minusSeconds(1), other);
    assertThat(isTaken(take(other, calls(1), 0))).isFalse();
    passOn(Duration.ofSeconds(1), other);
    assertThat(isTaken(take(other, calls(1), 0))).isTrue();
  }

  @Test
  void a_node_without_the_database_begins_only_what_it_surely_has_room_for() {
    PacePermit one = taken(take(node, calls(2), 0));
    PacePermit two = taken(take(node, calls(2), 0));
    store.isAway = true;
    two.close();

    PacePermit again = taken(take(node, calls(2), 0));
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> take(node, calls(2), 0));
    again.close();
    pass(LeasedPlaces.LIFETIME);
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(node::renew);
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> take(node, calls(2), 0));

    store.isAway = false;
    assertThat(isTaken(take(other, calls(2), 0))).isTrue();
    node.renew();
    assertThat(isTaken(take(other, calls(2), 0))).isFalse();
    assertThat(isTaken(take(node, calls(2), 0))).isFalse();
    one.close();
  }

  @Test
  void returns_and_debts_are_kept_until_the_database_answers() {
    PacePermit less = taken(take(node, tokens(1_000), 500));
    PacePermit more = taken(take(node, tokensOf("b", 100), 10));
    store.isAway = true;
    less.settle(PaceUse.ofCall(0, 100));
    more.settle(PaceUse.ofCall(0, 110));
    pass(LeasedTokens.LIFETIME);
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(node::sweep);

    store.isAway = false;
    node.sweep();
    assertThat(isTaken(take(other, tokens(1_000), 900))).isTrue();
    assertThat(isTaken(take(other, tokensOf("b", 100), 1))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"a, b", "b, a"})
  void a_subject_that_fails_keeps_no_other_from_reporting_its_tokens(String broken, String whole) {
    PacePermit failing = taken(take(node, tokensOf(broken, 1_000), 1_000));
    PacePermit sound = taken(take(node, tokensOf(whole, 1_000), 1_000));
    store.broken = Optional.of(broken);
    failing.close();
    sound.close();
    pass(LeasedTokens.LIFETIME);

    assertThatIllegalStateException().isThrownBy(node::sweep);

    assertThat(isTaken(take(other, tokensOf(whole, 1_000), 1_000))).isTrue();
    assertThatNoException().isThrownBy(node::sweep);
    store.broken = Optional.empty();
    pass(SubjectFailures.REST);
    node.sweep();
    assertThat(isTaken(take(other, tokensOf(broken, 1_000), 1_000))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"a, b", "b, a"})
  void a_subject_that_fails_keeps_no_other_from_renewing_its_places(String broken, String whole) {
    PacePermit failing = taken(take(node, callsOf(broken, 1), 0));
    PacePermit sound = taken(take(node, callsOf(whole, 1), 0));
    store.broken = Optional.of(broken);
    int failures = 0;
    for (int second = 0; second < 2 * LeasedPlaces.LIFETIME.toSeconds(); second++) {
      pass(Duration.ofSeconds(1));
      failures += renewFails() ? 1 : 0;
    }

    assertThat(failures).isEqualTo(2);
    assertThat(isTaken(take(other, callsOf(whole, 1), 0))).isFalse();
    store.broken = Optional.empty();
    pass(SubjectFailures.REST);
    node.renew();
    assertThat(isTaken(take(other, callsOf(broken, 1), 0))).isFalse();
    failing.close();
    sound.close();
  }

  private boolean renewFails() {
    try {
      node.renew();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Test
  void another_server_does_not_get_what_the_former_one_leased_but_learns_what_is_owed() {
    PacePermit tokensOfFormer = taken(take(node, tokens(1_000), 500));
    PacePermit runs = taken(take(node, calls(2), 0));
    PacePermit owes = taken(take(node, tokensOf("b", 100), 10));
    Store fresh = new Store(new InMemoryPaceLeases(clock));
    PaceLimiter elsewhere = new PaceLimiter(fresh, nanos);
    PacePermit unused = taken(take(elsewhere, tokens(1_000), 1_000));

    node.forget();
    tokensOfFormer.close();
    owes.settle(PaceUse.ofCall(0, 200));
    node.sweep();
    node.renew();

    assertThat(isTaken(take(node, tokens(1_000), 501))).isFalse();
    assertThat(isTaken(take(other, tokensOf("b", 100), 1))).isFalse();
    assertThat(isTaken(take(other, calls(2), 0))).isTrue();
    assertThat(isTaken(take(other, calls(2), 0))).isFalse();
    runs.close();
  }

  @Test
  void subjects_are_removed_after_their_last_call_and_never_too_many() {
    PaceLimiter small = new PaceLimiter(store, nanos, 2);
    PacePermit one = taken(take(small, calls(1), 0));
    PacePermit two =
        taken(take(small, List.of(new PaceMeter("b", PaceKind.CONCURRENT, 1, true)), 0));

    assertThat(exhausted(take(small, List.of(new PaceMeter("c", PaceKind.CONCURRENT, 1, true)), 0)))
        .isEqualTo(Duration.ofSeconds(1));
    one.close();
    two.close();
    taken(take(small, tokens(10), 5)).settle(PaceUse.ofCall(0, 15));
    passOn(Duration.ofSeconds(5), small);
    assertThat(small.subjects()).isZero();
  }

  /** Nodes die, and the database is away for less than a lease lasts. */
  @Test
  void no_more_calls_run_at_a_time_than_are_allowed_whatever_nodes_do() {
    int refused = 0;
    for (int history = 0; history < 200; history++) {
      Random random = new Random(history);
      SettableClock time = new SettableClock(clock.instant());
      SettableNanos ticks = new SettableNanos(history * 1_000L);
      Store shared = new Store(new InMemoryPaceLeases(time));
      List<PaceLimiter> nodes = new ArrayList<>();
      List<List<PacePermit>> running = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        nodes.add(new PaceLimiter(shared, ticks));
        running.add(new ArrayList<>());
      }
      int limit = 1 + random.nextInt(8);
      int away = 0;
      for (int step = 0; step < 300; step++) {
        time.advance(Duration.ofMillis(250));
        ticks.advance(Duration.ofMillis(250));
        away = away > 0 ? away - 1 : random.nextInt(50) == 0 ? 1 + random.nextInt(20) : 0;
        shared.isAway = away > 0;
        int at = random.nextInt(3);
        if (step % 4 == 0) {
          for (PaceLimiter each : nodes) {
            renew(each);
          }
        }
        if (random.nextInt(70) == 0) {
          nodes.set(at, new PaceLimiter(shared, ticks));
          running.get(at).clear();
        }
        if (tookPlace(nodes.get(at), limit, running.get(at))) {
          assertThat(running.stream().mapToInt(List::size).sum())
              .as("history %d, step %d", history, step)
              .isLessThanOrEqualTo(limit);
        } else {
          refused++;
        }
        List<PacePermit> some = running.get(random.nextInt(3));
        if (!some.isEmpty() && random.nextInt(3) == 0) {
          some.remove(random.nextInt(some.size())).settle(PaceUse.NONE);
        }
      }
    }
    assertThat(refused).isBetween(1_000, 59_000);
  }

  private static boolean tookPlace(PaceLimiter on, int limit, List<PacePermit> running) {
    try {
      return take(on, calls(limit), 0) instanceof PaceDecision.Taken taken
          && running.add(taken.permit());
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  private static void renew(PaceLimiter node) {
    try {
      node.renew();
    } catch (StoreUnavailable e) {
      // The lease is renewed later.
    }
  }

  /** What each call was admitted with, or used if that is less, in the order of admission. */
  private record Admitted(long at, long tokens) {}

  @Test
  void no_sixty_seconds_admit_more_than_the_limit_however_calls_end() {
    for (int history = 0; history < 300; history++) {
      Random random = new Random(history);
      SettableClock time = new SettableClock(clock.instant());
      SettableNanos ticks = new SettableNanos(history * 1_000L);
      PaceLeases shared = new InMemoryPaceLeases(time);
      List<PaceLimiter> nodes = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        nodes.add(new PaceLimiter(shared, ticks));
      }
      long limit = 100 + random.nextInt(2_000);
      long used = 0;
      long beyond = 0;
      Deque<Running> running = new ArrayDeque<>();
      List<Admitted> admitted = new ArrayList<>();
      long now = 0;
      for (int step = 0; step < 250; step++) {
        long millis = random.nextInt(random.nextInt(8) == 0 ? 20_000 : 900);
        time.advance(Duration.ofMillis(millis));
        ticks.advance(Duration.ofMillis(millis));
        now += millis;
        PaceLimiter on = nodes.get(random.nextInt(3));
        if (random.nextInt(3) == 0) {
          on.sweep();
        }
        if (random.nextInt(60) == 0) {
          nodes.set(random.nextInt(3), new PaceLimiter(shared, ticks));
        }
        long wanted = 1 + random.nextLong(limit / (1 + random.nextInt(6)) + 1);
        wanted = Math.min(limit, wanted);
        if (take(on, tokens(limit), wanted) instanceof PaceDecision.Taken taken) {
          running.add(new Running(taken.permit(), now, wanted));
        }
        while (!running.isEmpty() && random.nextInt(2) == 0) {
          Running ends = running.removeFirst();
          long uses = random.nextInt(5) == 0 ? ends.tokens() * 3 : random.nextLong(ends.tokens());
          ends.permit().settle(PaceUse.ofCall(0, uses));
          admitted.add(new Admitted(ends.at(), Math.min(uses, ends.tokens())));
          used += uses;
          beyond += Math.max(0, uses - ends.tokens());
        }
      }
      for (Running left : running) {
        admitted.add(new Admitted(left.at(), left.tokens()));
        used += left.tokens();
      }
      assertThat(mostInAnyMinute(admitted)).as("history %d", history).isLessThanOrEqualTo(limit);
      assertThat(used)
          .as("history %d, beyond %d", history, beyond)
          .isLessThanOrEqualTo(limit * (now / 60_000 + 2) + limit * 4);
    }
  }

  private record Running(PacePermit permit, long at, long tokens) {}

  private static long mostInAnyMinute(List<Admitted> calls) {
    long most = 0;
    for (Admitted first : calls) {
      long sum = 0;
      for (Admitted each : calls) {
        if (each.at() >= first.at() && each.at() - first.at() < 60_000) {
          sum += each.tokens();
        }
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}
