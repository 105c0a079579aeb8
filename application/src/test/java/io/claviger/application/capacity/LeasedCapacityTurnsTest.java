package io.claviger.application.capacity;

import static io.claviger.application.capacity.ACall.by;
import static io.claviger.application.capacity.ACall.requests;
import static io.claviger.application.capacity.ACall.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.capacity.CapacityTurns.Turn;
import io.claviger.application.capacity.CapacityTurns.TurnDecision;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.capacity.port.CapacityExchange;
import io.claviger.application.capacity.port.CapacityExchange.AccountStatement;
import io.claviger.application.capacity.port.CapacityExchange.CallCounts;
import io.claviger.application.fakes.InMemoryCapacityExchange;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.usage.UsageModel;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LeasedCapacityTurnsTest {
  private static final long HELD_BYTES = 1_000_000;
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final PaceUse ONE = PaceUse.ofCall(0, 0);

  private final SettableNanos nanos = new SettableNanos(77_000_000_000L);
  private final InMemoryCapacityExchange exchange =
      new InMemoryCapacityExchange(() -> nanos.getAsLong() / 1_000_000);
  private final LeasedCapacityTurns node = new LeasedCapacityTurns(exchange, nanos, HELD_BYTES);
  private final LeasedCapacityTurns other = new LeasedCapacityTurns(exchange, nanos, HELD_BYTES);
  private final UUID service = UUID.randomUUID();

  /** Terms of a service whose provider allows so many requests a minute. */
  private CapacityTerms stating(long perMinute) {
    CapacityTerms terms = terms(service, requests(perMinute), WAIT);
    exchange.state(terms.capacity(), terms.stated());
    return terms;
  }

  private CapacityTerms stating() {
    return terms(service, ProviderLimits.NONE, WAIT);
  }

  /** Lets time pass in which both nodes do what they do all the time. */
  private void run(Duration time) {
    for (long step = 0; step < time.toMillis(); step += 20) {
      node.exchange(Duration.ZERO);
      node.endWaits();
      other.exchange(Duration.ZERO);
      other.endWaits();
      nanos.advance(Duration.ofMillis(20));
    }
  }

  private List<ACall> calls(int count, CapacityTerms terms, CapacityTurns at) {
    List<ACall> calls = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      calls.add(ACall.of(terms).at(at));
    }
    return calls;
  }

  private static long passed(List<ACall> calls) {
    return calls.stream().filter(call -> call.turn().isPresent()).count();
  }

  private static LimitStatement allowed(long most, long left) {
    return new LimitStatement(
        PaceLimit.REQUESTS_PER_MINUTE,
        Duration.ofMinutes(1),
        OptionalLong.of(most),
        OptionalLong.of(left),
        Optional.empty());
  }

  @Test
  void calls_without_limits_go_at_once_and_nothing_is_exchanged_for_them() {
    List<ACall> calls = calls(1_000, stating(), node);
    run(Duration.ofSeconds(3));

    assertThat(calls).allMatch(ACall::isDecided);
    assertThat(exchange.heard()).isEmpty();
    assertThat(node.readsBody(stating())).isFalse();
  }

  @Test
  void the_first_call_waits_for_one_exchange_and_later_ones_for_none() {
    CapacityTerms terms = stating(600);
    ACall first = ACall.of(terms).at(node);
    assertThat(first.isDecided()).isFalse();

    node.exchange(Duration.ZERO);
    assertThat(first.turn()).isPresent();

    run(Duration.ofMillis(1_100));
    assertThat(ACall.of(terms).at(node).turn()).isPresent();
  }

  @Test
  void a_call_that_goes_to_another_target_makes_room_for_the_next_one() {
    CapacityTerms terms = stating(600);
    ACall first = ACall.of(terms).at(node);
    assertThat(first.awaitsFirstGrant()).isTrue();
    first.leaveForOtherTarget();
    run(Duration.ofMillis(1_100));

    assertThat(first.isDecided()).isFalse();
    assertThat(ACall.of(terms).at(node).turn()).isPresent();
  }

  @Test
  void a_call_that_hangs_up_asks_for_nothing() {
    CapacityTerms terms = stating(600);
    ACall.of(terms).at(node).leave();
    run(Duration.ofMillis(1_100));

    assertThat(ACall.of(terms).at(node).isDecided()).isFalse();
  }

  @Test
  void a_call_awaits_no_first_grant_where_the_limit_is_used_up() {
    CapacityTerms terms = stating(60);
    List<ACall> calls = calls(20, terms, node);
    run(Duration.ofSeconds(1));

    assertThat(passed(calls)).isLessThan(20);
    assertThat(calls.getLast().awaitsFirstGrant()).isFalse();
    ACall another = ACall.of(by(terms, UUID.randomUUID(), 10)).at(node);
    assertThat(another.awaitsFirstGrant()).isFalse();
  }

  @Test
  void two_nodes_never_grant_more_than_is_allowed_and_waste_little_of_it() {
    CapacityTerms terms = stating(600);
    List<ACall> calls = new ArrayList<>();
    for (int second = 0; second < 30; second++) {
      calls.addAll(calls(20, by(terms, new UUID(0, second % 7), 10), node));
      calls.addAll(calls(20, by(terms, new UUID(1, second % 7), 10), other));
      run(Duration.ofSeconds(1));
    }
    // A burst of a tenth of a minute, and ten a second.
    assertThat(passed(calls)).isBetween(60L + 280, 60L + 320);
  }

  @Test
  void borrowers_on_both_nodes_share_by_their_weights() {
    CapacityTerms terms = stating(6_000);
    int[] weights = {1, 2, 5, 10, 20};
    List<List<ACall>> each = new ArrayList<>();
    for (int b = 0; b < weights.length; b++) {
      each.add(new ArrayList<>());
    }
    long[] before = new long[weights.length];
    for (int step = 0; step < 250; step++) {
      if (step == 50) {
        for (int b = 0; b < weights.length; b++) {
          before[b] = passed(each.get(b));
        }
      }
      for (int b = 0; b < weights.length; b++) {
        CapacityTerms of = by(terms, new UUID(7, b), weights[b]);
        LeasedCapacityTurns at = (b + step) % 2 == 0 ? node : other;
        each.get(b).addAll(calls(10, of, at));
      }
      run(Duration.ofMillis(100));
    }
    double all = -LongStream.of(before).sum();
    for (List<ACall> calls : each) {
      all += passed(calls);
    }
    assertThat(all).isBetween(0.95 * 100 * 20, 1.1 * 100 * 20);
    for (int b = 0; b < weights.length; b++) {
      assertThat((passed(each.get(b)) - before[b]) / all)
          .isBetween(weights[b] / 38.0 * 0.8, weights[b] / 38.0 * 1.25);
    }
  }

  @Test
  void ten_greedy_borrowers_share_by_weight_what_ten_polite_ones_leave() {
    CapacityTerms terms = stating(6_000);
    List<List<ACall>> each = new ArrayList<>();
    for (int b = 0; b < 20; b++) {
      each.add(new ArrayList<>());
    }
    long[] before = new long[20];
    for (int step = 0; step < 300; step++) {
      for (int b = 0; b < 20; b++) {
        if (step == 100) {
          before[b] = passed(each.get(b));
        }
        CapacityTerms of = by(terms, new UUID(8, b), b % 2 == 0 ? 10 : 5);
        int calls = b >= 10 ? 4 : step % 5 == 0 ? 1 : 0;
        each.get(b).addAll(calls(calls, of, (b / 2 + step) % 2 == 0 ? node : other));
      }
      run(Duration.ofMillis(100));
    }
    for (int b = 0; b < 20; b++) {
      long passed = passed(each.get(b)) - before[b];
      // In 20 seconds, 2,000 calls are allowed. Each polite borrower makes 40 calls.
      double due = b < 10 ? 40 : 1_600 / 75.0 * (b % 2 == 0 ? 10 : 5);
      assertThat((double) passed).isBetween(0.9 * due - 1, 1.1 * due + 1);
    }
  }

  @Test
  void what_a_dead_node_leased_is_used_by_others_after_two_seconds() {
    CapacityTerms terms = stating(600);
    calls(60, terms, node);
    node.exchange(Duration.ZERO);
    for (int second = 0; second < 3; second++) {
      nanos.advance(Duration.ofSeconds(1));
      other.exchange(Duration.ZERO);
    }
    List<ACall> calls = calls(64, by(terms, UUID.randomUUID(), 10), other);
    for (int step = 0; step < 300; step++) {
      other.exchange(Duration.ZERO);
      nanos.advance(Duration.ofMillis(20));
    }
    assertThat(passed(calls)).isGreaterThanOrEqualTo(60);
  }

  @Test
  void calls_wait_no_longer_than_they_may() {
    CapacityTerms terms = terms(service, requests(1), Duration.ofMillis(700));
    exchange.state(terms.capacity(), terms.stated());
    List<ACall> calls = calls(10, terms, node);
    run(Duration.ofMillis(640));
    assertThat(calls.stream().filter(ACall::isDecided)).hasSizeLessThanOrEqualTo(1);
    run(Duration.ofMillis(100));

    assertThat(calls).allMatch(ACall::isDecided);
    assertThat(calls.getLast().refusal())
        .hasValueSatisfying(
            why -> {
              assertThat(why.reason()).isEqualTo(Reason.EXHAUSTED);
              assertThat(why.limit()).contains(PaceLimit.REQUESTS_PER_MINUTE);
              assertThat(why.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
            });
    assertThat(node.waiting()).isZero();
  }

  private CallCounts counted() {
    return exchange.heard().stream()
        .flatMap(statement -> statement.counts().values().stream())
        .reduce(new CallCounts(0, 0, 0, 0, 0, 0), CallCounts::plus);
  }

  @Test
  void only_waits_after_which_calls_went_out_are_counted_and_once_where_two_limits_hold() {
    CapacityTerms terms = terms(service, requests(60), Duration.ofMillis(700));
    exchange.state(terms.capacity(), terms.stated());
    List<ACall> calls = calls(20, terms, node);
    calls.getLast().leave();
    run(Duration.ofSeconds(2));
    CallCounts one = counted();
    assertThat(one.requests()).isPositive().isEqualTo(passed(calls));
    assertThat(one.waited()).isEqualTo(passed(calls));
    assertThat(one.refused()).isEqualTo(19 - passed(calls));

    UsageModel slow = new UsageModel("slow");
    CapacityTerms both = terms(UUID.randomUUID(), requests(60), WAIT);
    exchange.state(both.capacity(), both.stated());
    ACall first = new ACall(both, slow, ONE).at(node);
    run(Duration.ofMillis(100));
    first.turn().orElseThrow().learn(slow, List.of(allowed(60, 0)));
    List<ACall> before = calls(6, both, node);
    ACall twice = new ACall(both, slow, ONE).at(node);
    before.addAll(calls(6, both, node));
    assertThat(twice.isDecided()).isFalse();
    run(Duration.ofSeconds(14));

    assertThat(twice.turn()).isPresent();
    CallCounts more = counted();
    assertThat(more.waited() - one.waited()).isBetween(6L, passed(before) + 2);
    assertThat(more.refused() - one.refused()).isEqualTo(12 - passed(before));
  }

  @Test
  void calls_that_wait_are_exchanged_once_a_second() {
    CapacityTerms terms = stating(60);
    List<ACall> calls = calls(8, terms, node);
    run(Duration.ofSeconds(2));
    int before = exchange.heard().size();
    for (int n = 0; n < 22; n++) {
      calls.addAll(calls(n % 2, terms, node));
      calls.add(ACall.of(by(terms, OTHER_BORROWER, 10)).at(node));
      run(Duration.ofMillis(455));
    }

    assertThat(exchange.heard()).hasSizeBetween(before + 9, before + 12);
    assertThat(passed(calls)).isGreaterThan(12);
  }

  private static final UUID OTHER_BORROWER = new UUID(9, 1);

  /** The head of an answer often comes with its first token, long after the call was counted. */
  @Test
  void what_an_answer_says_is_as_old_as_its_call() {
    CapacityTerms terms = terms(service, requests(60), WAIT);
    exchange.state(terms.capacity(), terms.stated());
    ACall slow = ACall.of(terms).at(node);
    run(Duration.ofSeconds(5));
    slow.turn().orElseThrow().learn(UsageModel.UNKNOWN, List.of(allowed(60, 0)));
    List<ACall> later = calls(6, terms, node);
    run(Duration.ofMillis(1_500));

    assertThat(passed(later)).as("of a request in a second, since the slow call").isEqualTo(6);
  }

  @Test
  void a_borrower_has_an_eighth_of_the_queue_and_a_node_has_room_for_some_calls_only() {
    CapacityTerms terms = stating(1);
    List<ACall> calls = calls(100, terms, node);
    assertThat(node.waiting()).isEqualTo(64);
    assertThat(calls.getLast().refusal()).isPresent();

    List<ACall> more = new ArrayList<>();
    for (int n = 0; n < 3_000; n++) {
      CapacityTerms another = terms(UUID.randomUUID(), requests(1), WAIT);
      more.add(ACall.of(another).at(node));
    }
    assertThat(node.waiting()).isEqualTo(1_024);
    assertThat(more.getLast().refusal()).isPresent();
    more.stream().filter(call -> !call.isDecided()).forEach(ACall::leave);
    calls.stream().filter(call -> !call.isDecided()).forEach(ACall::leave);
    assertThat(node.waiting()).isZero();
  }

  @Test
  void a_full_node_makes_room_for_owners_with_fewer_waiting_calls() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    List<ACall> two = new ArrayList<>();
    for (int n = 0; n < 1_100; n++) {
      two.add(ofOwner(first, UUID.randomUUID()).at(node));
      two.add(ofOwner(second, UUID.randomUUID()).at(node));
    }
    assertThat(node.waiting()).isEqualTo(WaitingRoom.MOST_CALLS);
    List<ACall> third = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      third.add(ofOwner(service, UUID.randomUUID()).at(node));
    }

    assertThat(third).noneMatch(ACall::isDecided);
    assertThat(two.stream().filter(ACall::isDecided).map(call -> call.refusal().orElseThrow()))
        .hasSize(2_200 - 2_048 + 40)
        .allMatch(why -> why.reason() == Reason.EXHAUSTED);
    assertThat(node.waiting()).isEqualTo(WaitingRoom.MOST_CALLS);
    third.forEach(ACall::leave);
    two.stream().filter(call -> !call.isDecided()).forEach(ACall::leave);
    assertThat(node.waiting()).isZero();
  }

  private List<ACall> fillQueue() {
    List<ACall> calls = new ArrayList<>();
    for (int borrower = 0; borrower < 8; borrower++) {
      calls.addAll(calls(64, by(stating(1), new UUID(8, borrower), 10), node));
    }
    assertThat(node.waiting()).isEqualTo(512);
    return calls;
  }

  @Test
  void a_call_that_finds_no_memory_displaces_nobody_from_a_full_queue() {
    List<ACall> before = fillQueue();
    ACall large = ACall.of(by(stating(1), new UUID(8, 9), 10)).holding(HELD_BYTES / 2);

    assertThat(large.at(node).refusal()).isPresent();
    assertThat(before).noneMatch(ACall::isDecided);
    assertThat(node.waiting()).isEqualTo(512);
  }

  @Test
  void only_a_call_that_stays_displaces_another_from_a_full_queue() {
    List<ACall> before = fillQueue();
    CapacityTerms terms = by(stating(1), new UUID(8, 9), 10);

    assertThat(ACall.of(terms).withOtherTargets().at(node).refusal()).isPresent();
    assertThat(before).noneMatch(ACall::isDecided);
    assertThat(ACall.of(terms).at(node).isDecided()).isFalse();
    assertThat(before.stream().filter(ACall::isDecided)).hasSize(1);
    assertThat(node.waiting()).isEqualTo(512);
  }

  @Test
  void a_call_that_finds_no_memory_displaces_no_other_owners_calls() {
    List<ACall> before = new ArrayList<>();
    UUID third = UUID.randomUUID();
    for (long[] held : new long[][] {{330_000, 20_000}, {330_000, 15_000}}) {
      UUID owner = UUID.randomUUID();
      for (long bytes : held) {
        before.add(ofOwner(owner, UUID.randomUUID()).holding(bytes).at(node));
      }
    }
    before.add(ofOwner(third, UUID.randomUUID()).holding(290_000).at(node));
    // Without the last calls of the first two owners, 51,000 bytes are still too many.
    ACall large = ofOwner(third, UUID.randomUUID()).holding(51_000).at(node);

    assertThat(large.refusal()).isPresent();
    assertThat(before).noneMatch(ACall::isDecided);
    assertThat(ofOwner(third, UUID.randomUUID()).holding(50_000).at(node).isDecided()).isFalse();
    assertThat(before.stream().filter(ACall::isDecided))
        .containsExactlyInAnyOrder(before.get(1), before.get(3));
    before.stream().filter(call -> !call.isDecided()).forEach(ACall::leave);
    assertThat(node.waiting()).isEqualTo(1);
  }

  /**
   * A call has had its turn at one account and is about to wait at the next one. Meanwhile, other
   * calls take its room, and perhaps its caller leaves. Each time at which the clock is read is
   * such a moment.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_call_that_loses_its_room_between_two_queues_keeps_no_room_for_good(boolean leaves) {
    UsageModel slow = new UsageModel("slow");
    boolean isReached = true;
    for (int read = 1; isReached; read++) {
      CapacityTerms both = terms(UUID.randomUUID(), requests(60), WAIT);
      exchange.state(both.capacity(), both.stated());
      AtomicInteger reads = new AtomicInteger(Integer.MIN_VALUE);
      AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
      int moment = read;
      LeasedCapacityTurns turns =
          new LeasedCapacityTurns(
              exchange,
              () -> {
                if (reads.incrementAndGet() == moment) {
                  meanwhile.get().run();
                }
                return nanos.getAsLong();
              },
              HELD_BYTES);
      ACall teaching = new ACall(both, slow, ONE).at(turns);
      for (int n = 0; n < 100 && !teaching.isDecided(); n++) {
        turns.exchange(Duration.ZERO);
        nanos.advance(Duration.ofMillis(20));
      }
      teaching.turn().orElseThrow().learn(slow, List.of(allowed(6_000, 6_000)));
      List<ACall> ahead = calls(5, both, turns);
      int waiting = turns.waiting();
      ACall moving = new ACall(both, slow, ONE).holding(HELD_BYTES * 48 / 100).at(turns);
      assertThat(turns.waiting()).isEqualTo(waiting + 1);

      List<ACall> large = new ArrayList<>();
      meanwhile.set(
          () -> {
            for (int n = 0; n < 2; n++) {
              large.add(ofOwner(UUID.randomUUID(), UUID.randomUUID()).holding(300_000).at(turns));
            }
            large.forEach(ACall::leave); // so that there is room again
            if (leaves && !moving.isDecided()) {
              moving.leave();
            }
          });
      reads.set(0);
      for (int n = 0; n < 4; n++) {
        turns.exchange(Duration.ZERO);
        nanos.advance(Duration.ofMillis(300));
      }
      reads.set(Integer.MIN_VALUE);
      isReached = !large.isEmpty();
      assertThat(isReached || read > 20).as("%d moments", read).isTrue();
      ahead.stream().filter(call -> !call.isDecided()).forEach(ACall::leave);
      if (!moving.isDecided()) {
        moving.leave();
      }

      assertThat(turns.waiting()).as("after read %d of the clock", read).isZero();
    }
  }

  private static ACall ofOwner(UUID owner, UUID of) {
    CapacityTerms usual = terms(of, requests(1), WAIT);
    return ACall.of(
        new CapacityTerms(
            usual.capacity(), of, owner, usual.stated(), WAIT, true, UUID.randomUUID(), 10));
  }

  @Test
  void a_borrower_has_an_eighth_of_a_services_room_over_all_models() {
    List<ACall> calls = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      UsageModel model = new UsageModel("model-" + n);
      ACall teaching = new ACall(stating(), model, ONE).at(node);
      teaching.turn().orElseThrow().learn(model, List.of(allowed(1, 0)));
      for (int c = 0; c < 64; c++) {
        calls.add(new ACall(stating(), model, ONE).at(node));
      }
    }

    assertThat(node.waiting()).isEqualTo(64);
    assertThat(
            new ACall(by(stating(), new UUID(9, 9), 10), new UsageModel("model-1"), ONE).at(node))
        .matches(call -> !call.isDecided());
  }

  /**
   * If the earlier waiting did not count, a call would wait for the whole time at each target of
   * its model.
   */
  @Test
  void what_a_call_has_waited_elsewhere_counts() {
    List<ACall> calls = calls(30, stating(1), node);
    ACall late = ACall.of(stating(1)).after(Duration.ofSeconds(9)).at(node);
    run(Duration.ofMillis(1_200));

    assertThat(late.refusal()).isPresent();
    assertThat(calls.getLast().isDecided()).isFalse();
  }

  @Test
  void a_refusal_that_names_no_limit_pauses_the_model_of_its_call_alone() {
    CapacityTerms terms = stating(6_000);
    PaceRefusal overloaded = new PaceRefusal(Optional.empty(), Duration.ofSeconds(5));
    for (UsageModel model : List.of(new UsageModel("cold"), UsageModel.UNKNOWN)) {
      ACall refused = new ACall(terms, model, ONE).at(node);
      run(Duration.ofMillis(100));
      Turn turn = refused.turn().orElseThrow();
      assertThat(turn.takeAnother(overloaded).orElseThrow()).isInstanceOf(TurnDecision.Waits.class);
      run(Duration.ofMillis(1_500));

      assertThat(new ACall(terms, new UsageModel("warm"), ONE).at(node).turn()).isPresent();
      assertThat(new ACall(terms, new UsageModel("warm"), ONE).at(other))
          .satisfies(call -> run(Duration.ofMillis(500)))
          .matches(call -> call.turn().isPresent());
      assertThat(refused.turn()).hasValue(turn);
      if (model.isKnown()) {
        assertThat(new ACall(terms, model, ONE).at(node).isDecided()).isFalse();
      }
      run(Duration.ofSeconds(4));
      assertThat(refused.outcomes()).hasSize(2);
    }
  }

  @Test
  void idle_models_leave_their_places_to_others_after_an_hour() {
    ACall open = ACall.of(stating()).at(node); // the capacity is in use all the time
    for (int n = 0; n < SharedCapacity.MOST_MODELS; n++) {
      teachEmpty(new UsageModel("model-" + n));
    }
    assertThat(waitsAfterTeaching("late", "another"))
        .as("further models share one account")
        .isTrue();
    run(Duration.ofSeconds(12));
    exchange.removeOld();
    nanos.advance(Duration.ofMinutes(61));
    run(Duration.ofSeconds(1));

    assertThat(node.readsBody(stating())).isFalse();
    assertThat(waitsAfterTeaching("new", "other one")).isFalse();
    open.turn().orElseThrow().close();
  }

  @Test
  void models_that_were_only_refused_leave_their_places_after_two_minutes() {
    ACall open = ACall.of(stating()).at(node); // the capacity is in use all the time
    List<ACall> refused = new ArrayList<>();
    for (int n = 0; n < SharedCapacity.MOST_MODELS; n++) {
      refused.add(refused(new UsageModel("invented-" + n)));
    }
    run(Duration.ofSeconds(3));
    refused.forEach(call -> call.turn().orElseThrow().settle(ONE));
    assertThat(aRefusalHoldsOthers()).as("further models share one account").isTrue();
    nanos.advance(Duration.ofMinutes(3));
    run(Duration.ofSeconds(12));

    assertThat(aRefusalHoldsOthers()).isFalse();
    open.turn().orElseThrow().close();
  }

  private ACall refused(UsageModel model) {
    ACall call = new ACall(stating(), model, ONE).at(node);
    PaceRefusal refusal = new PaceRefusal(Optional.empty(), Duration.ofSeconds(1));
    assertThat(call.turn().orElseThrow().takeAnother(refusal)).isPresent();
    return call;
  }

  private boolean aRefusalHoldsOthers() {
    ACall cold = refused(new UsageModel("cold"));
    ACall warm = new ACall(stating(), new UsageModel("warm"), ONE).at(node);
    boolean held = !warm.isDecided();
    run(Duration.ofSeconds(3));
    cold.turn().orElseThrow().settle(ONE);
    warm.turn().orElseThrow().settle(ONE);
    return held;
  }

  private void teachEmpty(UsageModel model) {
    Turn turn = new ACall(stating(), model, ONE).at(node).turn().orElseThrow();
    turn.learn(model, List.of(allowed(60, 0)));
    turn.settle(ONE);
  }

  private boolean waitsAfterTeaching(String taught, String called) {
    teachEmpty(new UsageModel(taught));
    return !new ACall(stating(), new UsageModel(called), ONE).at(node).isDecided();
  }

  @Test
  void waiting_calls_hold_no_more_than_the_bytes_that_are_set_aside_for_them() {
    LeasedCapacityTurns small = new LeasedCapacityTurns(exchange, nanos, 1_000);
    List<ACall> calls = calls(20, stating(1), small);
    assertThat(calls.stream().filter(call -> !call.isDecided())).hasSize(5);
  }

  @Test
  void calls_go_on_with_what_was_leased_and_are_refused_when_that_has_ended() {
    CapacityTerms terms = stating(6_000);
    calls(5, terms, node);
    run(Duration.ofSeconds(2));
    exchange.goAway(true);
    assertThat(ACall.of(terms).at(node).turn()).isPresent();

    ACall late = null;
    int failures = 0;
    for (int step = 0; step < 200; step++) {
      nanos.advance(Duration.ofMillis(20));
      late = ACall.of(terms).at(node);
      try {
        node.exchange(Duration.ZERO);
      } catch (StoreUnavailable e) {
        failures++;
      }
      node.endWaits();
    }
    assertThat(failures).isPositive();
    assertThat(late.refusal())
        .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThat(node.waiting()).isZero();
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> run(Duration.ofSeconds(2)));

    exchange.goAway(false);
    run(Duration.ofSeconds(1));
    ACall back = ACall.of(terms).at(node);
    run(Duration.ofSeconds(1));
    assertThat(back.turn()).isPresent();
  }

  @Test
  void what_an_answer_says_of_a_model_holds_calls_of_this_model_alone() {
    UsageModel slow = new UsageModel("slow");
    ACall first = new ACall(stating(), slow, ONE).at(node);
    first.turn().orElseThrow().learn(slow, List.of(allowed(60, 0)));

    ACall second = new ACall(stating(), slow, ONE).at(node);
    ACall fast = new ACall(stating(), new UsageModel("fast"), ONE).at(node);
    node.exchange(Duration.ZERO);
    assertThat(second.isDecided()).isFalse();
    assertThat(fast.turn()).isPresent();
    assertThat(node.readsBody(stating())).isTrue();

    run(Duration.ofMillis(2_500));
    assertThat(second.turn()).isPresent();
    ACall elsewhere = new ACall(stating(), slow, ONE).at(other);
    assertThat(elsewhere.turn()).isPresent(); // Nothing is known there yet.
    run(Duration.ofMillis(100));
    assertThat(new ACall(stating(), slow, ONE).at(other).isDecided()).isFalse();
  }

  @Test
  void a_service_whose_calls_do_not_wait_is_held_by_what_its_owner_states_alone() {
    CapacityTerms learning = terms(service, ProviderLimits.NONE, Duration.ZERO);
    ACall first = ACall.of(learning).at(node);
    first.turn().orElseThrow().learn(UsageModel.UNKNOWN, List.of(allowed(60, 0)));
    assertThat(calls(100, learning, node)).allMatch(call -> call.turn().isPresent());

    CapacityTerms stated = terms(UUID.randomUUID(), requests(60), Duration.ZERO);
    exchange.state(stated.capacity(), stated.stated());
    List<ACall> calls = calls(60, stated, node);
    node.exchange(Duration.ZERO);
    run(Duration.ofMillis(400));
    assertThat(calls).allMatch(ACall::isDecided);
    assertThat(passed(calls)).isEqualTo(6);
  }

  @Test
  void a_call_that_is_refused_for_the_pace_waits_at_most_twice_until_the_limit_is_free_again() {
    CapacityTerms terms = stating(6_000);
    ACall call = ACall.of(terms).at(node);
    node.exchange(Duration.ZERO);
    PaceRefusal refusal =
        new PaceRefusal(Optional.of(PaceLimit.REQUESTS_PER_MINUTE), Duration.ofSeconds(1));
    for (int attempt = 1; attempt <= 2; attempt++) {
      Turn turn = call.turn().orElseThrow();
      assertThat(turn.takeAnother(refusal)).get().isInstanceOf(TurnDecision.Waits.class);
      int before = call.outcomes().size();
      assertThat(turn.takeAnother(refusal)).isEmpty();
      turn.settle(ONE);
      ACall behind = ACall.of(terms).at(node);
      run(Duration.ofMillis(900));
      assertThat(call.outcomes()).hasSize(before);
      run(Duration.ofMillis(1_400));
      assertThat(call.outcomes()).hasSize(before + 1);
      assertThat(behind.turn()).isPresent();
    }
    assertThat(ACall.of(terms).at(node).turn()).isPresent();
    assertThat(call.turn().orElseThrow().takeAnother(refusal)).isEmpty();
    call.turn().orElseThrow().settle(ONE);
    // The limit is used up for the others, too.
    ACall later = ACall.of(terms).at(node);
    run(Duration.ofMillis(900));
    assertThat(later.isDecided()).isFalse();
    run(Duration.ofMillis(1_400));
    assertThat(later.turn()).isPresent();
  }

  @Test
  void a_provider_that_refuses_for_ever_lets_nobody_wait_longer_than_they_may() {
    CapacityTerms terms = stating();
    List<ACall> calls = calls(50, terms, node);
    PaceRefusal overloaded = new PaceRefusal(Optional.empty(), Duration.ofSeconds(3));
    int given = 0;
    for (int step = 0; step < 600; step++) {
      for (ACall call : calls) {
        if (call.turn().isPresent() && call.outcomes().size() < 4) {
          given += call.turn().get().takeAnother(overloaded).isPresent() ? 1 : 0;
        }
      }
      run(Duration.ofMillis(20));
    }
    assertThat(given).isPositive();
    assertThat(node.waiting()).isZero();
  }

  @Test
  void each_call_has_one_outcome_however_its_leaving_its_passing_and_its_end_race() {
    CapacityTerms terms = stating(60_000);
    List<ACall> all =
        Race.of(
            16,
            thread -> {
              ACall call = ACall.of(by(terms, new UUID(3, thread), 1 + thread)).at(node);
              if (thread == 0) {
                nanos.advance(Duration.ofMillis(7));
                node.exchange(Duration.ZERO);
                node.endWaits();
              } else if (thread % 2 == 0 && call.decision() instanceof TurnDecision.Waits waits) {
                waits.place().leave();
              }
              call.turn().ifPresent(turn -> turn.settle(ONE));
              return call;
            },
            200);
    run(Duration.ofSeconds(11));
    all.forEach(call -> call.turn().ifPresent(turn -> turn.settle(ONE)));
    run(Duration.ofSeconds(3));

    assertThat(node.waiting()).isZero();
    assertThat(all).allMatch(call -> call.outcomes().size() <= 1);
    assertThat(all)
        .filteredOn(call -> call.outcomes().isEmpty())
        .allMatch(call -> call.decision() instanceof TurnDecision.Waits);
    assertThat(exchange.heard().getLast().underWay()).isZero();
  }

  @Test
  void made_up_models_share_an_account_and_unused_capacities_are_forgotten() {
    ACall first = ACall.of(stating()).at(node);
    for (int n = 0; n < 1_000; n++) {
      first.turn().orElseThrow().learn(new UsageModel("model-" + n), List.of(allowed(600, 600)));
    }
    run(Duration.ofMillis(1_100));
    assertThat(exchange.heard().stream().map(one -> one.account()).distinct())
        .hasSizeBetween(60, SharedCapacity.MOST_MODELS + 2);
    run(Duration.ofSeconds(80));
    assertThat(node.capacities()).isEqualTo(1);
    first.turn().orElseThrow().settle(ONE);
    run(Duration.ofSeconds(11));
    int before = exchange.heard().size();
    run(Duration.ofSeconds(5));
    assertThat(exchange.heard()).hasSize(before);
    assertThat(node.capacities()).isZero();
  }

  @Test
  void beyond_the_capacities_that_a_node_knows_only_calls_without_stated_limits_go_out() {
    for (int n = 0; n < LeasedCapacityTurns.MOST_CAPACITIES; n++) {
      ACall unused = unlimited(new UUID(0, n % 4)).at(node);
    }

    assertThat(ACall.of(stating(600)).at(node).refusal())
        .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo(Reason.CROWDED));
    assertThat(ACall.of(stating()).at(node).turn()).isPresent();
    assertThat(node.capacities()).isEqualTo(LeasedCapacityTurns.MOST_CAPACITIES);
  }

  private static ACall unlimited(UUID owner) {
    CapacityTerms usual = terms(UUID.randomUUID(), ProviderLimits.NONE, WAIT);
    return ACall.of(
        new CapacityTerms(
            usual.capacity(), usual.service(), owner, usual.stated(), WAIT, true, owner, 10));
  }

  @Test
  void services_of_one_owner_have_a_quarter_of_the_capacities_that_a_node_knows() {
    UUID greedy = UUID.randomUUID();
    for (int n = 0; n < LeasedCapacityTurns.MOST_CAPACITIES; n++) {
      assertThat(unlimited(greedy).at(node).turn()).isPresent();
    }

    assertThat(node.capacities()).isEqualTo(LeasedCapacityTurns.MOST_OF_OWNER);
    assertThat(ofOwner(greedy, UUID.randomUUID()).at(node).refusal())
        .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo(Reason.CROWDED));
    ACall polite = ACall.of(stating(600)).at(node);
    run(Duration.ofMillis(100));
    assertThat(polite.turn()).isPresent();
  }

  @Test
  void models_of_one_owner_have_a_quarter_of_the_accounts_for_models() {
    UUID greedy = UUID.randomUUID();
    List<ACall> calls = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      calls.add(unlimited(greedy).at(node));
      for (int m = 0; m < SharedCapacity.MOST_MODELS; m++) {
        teach(calls.getLast(), new UsageModel("model-" + m));
      }
    }
    assertThat(node.models()).isEqualTo(SharedCapacity.ModelRoom.MOST_OF_OWNER);
    ACall further = new ACall(calls.getLast().terms(), new UsageModel("model-63"), ONE).at(node);
    assertThat(further.isDecided()).as("held by the limits of all further models").isFalse();
    further.leave();

    ACall polite = ACall.of(stating()).at(node);
    teach(polite, new UsageModel("model"));
    assertThat(node.models()).isEqualTo(SharedCapacity.ModelRoom.MOST_OF_OWNER + 1);

    calls.forEach(call -> call.turn().orElseThrow().close());
    run(Duration.ofSeconds(75));
    assertThat(node.models()).isOne();
  }

  private static void teach(ACall call, UsageModel model) {
    call.turn().orElseThrow().learn(model, List.of(allowed(600, 600)));
  }

  @Test
  void an_owner_with_many_accounts_does_not_delay_the_exchange_of_others() {
    UUID greedy = UUID.randomUUID();
    for (int n = 0; n < 1_000; n++) {
      ACall unused = ofOwner(greedy, new UUID(0, n)).at(node);
    }
    CapacityTerms last = terms(new UUID(-1, -1), requests(600), WAIT);
    exchange.state(last.capacity(), last.stated());
    ACall polite = ACall.of(last).at(node);

    node.exchange(Duration.ZERO);

    assertThat(polite.turn()).isPresent();
    assertThat(exchange.heard().subList(0, 64).stream().map(one -> one.account().capacity()))
        .contains(last.capacity());
  }

  @Test
  void every_account_is_exchanged_in_the_end_however_many_are_due() {
    UUID many = UUID.randomUUID();
    List<CapacityTerms> all = new ArrayList<>();
    for (int n = 0; n < 2_000; n++) {
      UUID owner = n < 3 ? many : UUID.randomUUID();
      all.add(ofOwner(owner, UUID.randomUUID()).terms());
      exchange.state(all.getLast().capacity(), requests(1));
    }
    List<ACall> calls = new ArrayList<>();
    all.forEach(terms -> calls.add(ACall.of(terms).at(node)));
    for (int round = 0; round < 8; round++) {
      node.exchange(Duration.ZERO);
      nanos.advance(Duration.ofSeconds(1)); // a slow database: all are due again by now
      for (int n = 0; n < all.size(); n++) {
        if (calls.get(n).isDecided()) {
          calls.set(n, ACall.of(all.get(n)).at(node));
        }
      }
    }
    assertThat(exchange.heard().stream().map(AccountStatement::account).distinct()).hasSize(2_000);
  }

  @Test
  void a_crowded_node_forgets_what_no_call_uses_of_owners_with_most() {
    UUID few = UUID.randomUUID();
    List<ACall> kept = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      ACall call = unlimited(few).at(node);
      call.turn().orElseThrow().close();
      kept.add(call);
    }
    for (int n = 0; n < 8_000; n++) {
      unlimited(new UUID(0, n % 4)).at(node).turn().orElseThrow().close();
    }
    for (int n = 0; n < 1_900; n++) {
      ACall unused = unlimited(new UUID(1, n)).at(node);
    }
    assertThat(node.capacities()).isEqualTo(LeasedCapacityTurns.MOST_CAPACITIES);
    assertThat(ACall.of(stating(600)).at(node).refusal())
        .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo(Reason.CROWDED));

    node.exchange(Duration.ZERO);

    assertThat(node.capacities()).isEqualTo(8_000);
    kept.forEach(call -> assertThat(ACall.of(call.terms()).at(node).turn()).isPresent());
    assertThat(node.capacities()).isEqualTo(8_000);
    ACall next = ACall.of(stating(600)).at(node);
    run(Duration.ofMillis(100));
    assertThat(next.turn()).isPresent();
  }

  @Test
  void a_slow_call_teaches_the_account_that_later_calls_use() {
    ACall slow = ACall.of(stating()).at(node);
    run(Duration.ofSeconds(80));
    ACall quick = ACall.of(stating()).at(node);
    slow.turn().orElseThrow().learn(UsageModel.UNKNOWN, List.of(allowed(600, 600)));
    quick.turn().orElseThrow().learn(UsageModel.UNKNOWN, List.of(allowed(600, 600)));
    run(Duration.ofSeconds(2));

    assertThat(exchange.heard().stream().map(one -> one.wanted().node()).distinct()).hasSize(1);
    CapacityTerms others = terms(UUID.randomUUID(), requests(600), WAIT);
    ACall call = ACall.of(others).at(node);
    run(Duration.ofMillis(500));
    assertThat(call.turn()).isPresent();

    slow.turn().orElseThrow().settle(ONE);
    slow.turn().orElseThrow().learn(new UsageModel("late"), List.of(allowed(1, 0)));
    ACall late = new ACall(stating(), new UsageModel("late"), ONE).at(node);
    run(Duration.ofMillis(500));
    assertThat(late.turn()).isPresent();
  }

  @Test
  void an_account_that_cannot_be_exchanged_keeps_no_other_from_it() {
    List<ACall> calls = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      CapacityTerms terms = terms(UUID.randomUUID(), requests(600), WAIT);
      exchange.state(terms.capacity(), terms.stated());
      calls.add(ACall.of(terms).at(node));
      if (n % 40 == 7) {
        exchange.refuse(terms.capacity());
      }
    }
    for (int step = 0; step < 10; step++) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> node.exchange(Duration.ZERO));
      nanos.advance(Duration.ofMillis(300));
    }
    assertThat(passed(calls)).isEqualTo(97);
  }

  /** The task that exchanges pauses after a turn that fails, and longer after the next one. */
  @Test
  void an_account_that_goes_on_failing_does_not_slow_down_the_exchange_of_others() {
    CapacityTerms locked = terms(UUID.randomUUID(), requests(600), WAIT);
    CapacityTerms free = stating(6_000);
    LeasedCapacityTurns slowed =
        new LeasedCapacityTurns(
            new LockedExchange(locked.capacity(), Duration.ofMillis(250)), nanos, HELD_BYTES);
    List<ACall> calls = new ArrayList<>();
    long pause = 0;
    while (calls.size() < 600) {
      ACall unused = ACall.of(locked).at(slowed);
      try {
        slowed.exchange(Duration.ZERO);
        pause = 0;
      } catch (IllegalStateException failed) {
        pause = Math.clamp(2 * pause, 200, 10_000);
      }
      for (long slept = 0; slept < Math.max(100, pause); slept += 100) {
        calls.add(ACall.of(free).at(slowed));
        nanos.advance(Duration.ofMillis(100));
        slowed.endWaits();
      }
    }
    assertThat(calls).noneMatch(call -> call.refusal().isPresent());
    assertThat(passed(calls)).isGreaterThan(590);
  }

  /** If a node hangs in an exchange, the database ends its session. */
  @Test
  void calls_that_wait_are_not_refused_because_their_node_was_paused_in_an_exchange() {
    CapacityTerms terms = stating(60);
    LockedExchange paused = new LockedExchange(terms.capacity(), Duration.ofMillis(1_200));
    LeasedCapacityTurns pausing = new LeasedCapacityTurns(paused, nanos, HELD_BYTES);
    paused.fails = false;
    List<ACall> calls = calls(10, terms, pausing);
    pausing.exchange(Duration.ZERO);
    nanos.advance(Duration.ofSeconds(1));

    paused.fails = true;
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> pausing.exchange(Duration.ZERO));
    pausing.endWaits();
    ACall later = ACall.of(terms).at(pausing);
    assertThat(calls).noneMatch(call -> call.refusal().isPresent());
    assertThat(later.isDecided()).isFalse();

    paused.fails = false;
    nanos.advance(Duration.ofMillis(300));
    pausing.exchange(Duration.ZERO);
    pausing.endWaits();
    assertThat(calls).noneMatch(call -> call.refusal().isPresent());
  }

  @Test
  void calls_that_wait_are_not_refused_because_their_node_was_paused_between_exchanges() {
    CapacityTerms terms = stating(60);
    List<ACall> calls = calls(10, terms, node);
    node.exchange(Duration.ZERO);
    node.endWaits();
    long waiting = calls.stream().filter(call -> !call.isDecided()).count();
    assertThat(waiting).isPositive();

    nanos.advance(Duration.ofSeconds(4));
    for (int n = 0; n < 20; n++) {
      node.endWaits();
      nanos.advance(Duration.ofMillis(20));
    }
    assertThat(calls).noneMatch(call -> call.refusal().isPresent());

    for (int n = 0; n < 200; n++) {
      nanos.advance(Duration.ofMillis(20));
      node.endWaits();
    }
    assertThat(calls.stream().filter(call -> call.refusal().isPresent())).hasSize((int) waiting);
  }

  /** An exchange that fails for one account, after some time. */
  private final class LockedExchange extends ExchangeProxy {
    private final CapacityKey locked;
    private final Duration after;
    private boolean fails = true;

    LockedExchange(CapacityKey locked, Duration after) {
      super(each -> {});
      this.locked = locked;
      this.after = after;
    }

    @Override
    public List<CapacityGrant> exchange(List<AccountStatement> each) {
      if (fails && each.stream().anyMatch(one -> one.account().capacity().equals(locked))) {
        nanos.advance(after);
        throw new IllegalStateException("locked");
      }
      return super.exchange(each);
    }
  }

  /** Several accounts in one transaction may conflict although none of them fails by itself. */
  @Test
  void accounts_that_can_be_exchanged_one_by_one_do_not_fail_the_exchange() {
    CapacityTerms first = stating(6_000);
    CapacityTerms second = terms(UUID.randomUUID(), requests(6_000), WAIT);
    exchange.state(second.capacity(), second.stated());
    ExchangeProxy single =
        new ExchangeProxy(
            each -> {
              if (each.size() > 1) {
                throw new IllegalStateException("deadlock");
              }
            });
    LeasedCapacityTurns turns = new LeasedCapacityTurns(single, nanos, HELD_BYTES);
    List<ACall> calls = calls(3, first, turns);
    calls.addAll(calls(3, second, turns));

    turns.exchange(Duration.ZERO);

    assertThat(passed(calls)).isEqualTo(6);
  }

  /** The table of nodes refuses negative numbers, and with them all accounts of an exchange. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void a_call_that_begins_to_wait_during_an_exchange_has_not_waited_for_a_negative_time(int read) {
    CapacityTerms terms = stating(60);
    AtomicInteger reads = new AtomicInteger(Integer.MIN_VALUE);
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    List<Long> waits = new ArrayList<>();
    ExchangeProxy heard =
        new ExchangeProxy(each -> each.forEach(one -> waits.add(one.longestMillis())));
    LeasedCapacityTurns turns =
        new LeasedCapacityTurns(
            heard,
            () -> {
              long now = nanos.getAsLong();
              if (reads.incrementAndGet() == read) {
                nanos.advance(Duration.ofMillis(5));
                meanwhile.get().run();
              }
              return now;
            },
            HELD_BYTES);
    ACall unused = ACall.of(terms).at(turns);
    turns.exchange(Duration.ZERO);
    nanos.advance(Duration.ofSeconds(1));
    meanwhile.set(() -> calls(3, terms, turns));
    reads.set(0);

    for (int n = 0; n < 4; n++) {
      turns.exchange(Duration.ZERO);
    }

    assertThat(waits).isNotEmpty().allMatch(millis -> millis >= 0);
  }

  /** The exchange between nodes, which looks at each statement before. */
  private class ExchangeProxy implements CapacityExchange {
    private final Consumer<List<AccountStatement>> before;

    ExchangeProxy(Consumer<List<AccountStatement>> before) {
      this.before = before;
    }

    @Override
    public List<CapacityGrant> exchange(List<AccountStatement> each) {
      before.accept(each);
      return exchange.exchange(each);
    }

    @Override
    public Map<CapacityKey, Map<UsageModel, PaceLimits>> learned(Collection<CapacityKey> of) {
      return exchange.learned(of);
    }

    @Override
    public void removeOld() {
      exchange.removeOld();
    }
  }

  @Test
  void those_who_have_most_calls_in_a_full_queue_give_way_and_are_told_at_once() {
    CapacityTerms terms = stating(1);
    List<ACall> greedy = new ArrayList<>();
    for (int b = 0; b < 8; b++) {
      greedy.addAll(calls(64, by(terms, new UUID(9, b), 10), node));
    }
    List<ACall> polite = new ArrayList<>();
    for (int b = 0; b < 20; b++) {
      polite.add(ACall.of(by(terms, new UUID(10, b), 10)).at(node));
    }
    assertThat(polite).noneMatch(ACall::isDecided);
    assertThat(greedy.stream().filter(call -> call.refusal().isPresent())).hasSize(20);
    assertThat(node.waiting()).isEqualTo(512);
    polite.forEach(ACall::leave);
    greedy.stream().filter(call -> !call.isDecided()).forEach(ACall::leave);
    assertThat(node.waiting()).isZero();
  }

  private static LimitStatement tokens(long most) {
    return new LimitStatement(
        PaceLimit.TOKENS_PER_MINUTE,
        Duration.ofMinutes(1),
        OptionalLong.of(most),
        OptionalLong.empty(),
        Optional.empty());
  }

  @Test
  void what_an_answer_taught_refuses_larger_calls_for_a_minute_and_then_one_call_asks_again() {
    PaceUse large = PaceUse.ofCall(10_000, 0);
    ACall first = ACall.of(stating()).at(node);
    first.turn().orElseThrow().learn(UsageModel.UNKNOWN, List.of(tokens(1)));
    List<ACall> early = new ArrayList<>();
    for (int second = 0; second < 59; second++) {
      early.add(new ACall(stating(), UsageModel.UNKNOWN, large).at(node));
      run(Duration.ofSeconds(1));
    }
    assertThat(early).allMatch(call -> call.refusal().orElseThrow().reason() == Reason.TOO_LARGE);

    run(Duration.ofSeconds(2));
    ACall asking = new ACall(stating(), UsageModel.UNKNOWN, large).at(node);
    ACall next = new ACall(stating(), UsageModel.UNKNOWN, large).at(node);
    run(Duration.ofMillis(1_500));
    assertThat(asking.turn()).isPresent();
    assertThat(next.refusal().orElseThrow().reason()).isEqualTo(Reason.TOO_LARGE);

    asking.turn().orElseThrow().learn(UsageModel.UNKNOWN, List.of(tokens(1_000_000)));
    asking.turn().orElseThrow().settle(large);
    run(Duration.ofSeconds(3));
    ACall afterwards = new ACall(stating(), UsageModel.UNKNOWN, large).at(node);
    run(Duration.ofSeconds(2));
    assertThat(afterwards.turn()).isPresent();
  }

  @Test
  void a_call_whose_input_may_come_from_a_cache_is_not_refused_for_it() {
    CapacityTerms terms =
        terms(
            UUID.randomUUID(),
            new ProviderLimits(
                new PaceLimits(Map.of(PaceLimit.INPUT_TOKENS_PER_MINUTE, 60_000L)),
                OptionalInt.empty()),
            Duration.ofSeconds(100));
    exchange.state(terms.capacity(), terms.stated());
    PaceUse large = PaceUse.ofCall(150_000, 0);
    ACall early = new ACall(terms, UsageModel.UNKNOWN, large).takingLess().at(node);
    run(Duration.ofSeconds(65));
    early.turn().orElseThrow().settle(PaceUse.ofCall(100, 0));
    run(Duration.ofSeconds(2));
    ACall later = new ACall(terms, UsageModel.UNKNOWN, large).takingLess().at(node);
    ACall whole = new ACall(terms, UsageModel.UNKNOWN, large).at(node);
    run(Duration.ofSeconds(70));

    assertThat(later.turn()).isPresent();
    assertThat(whole.refusal().orElseThrow().reason()).isEqualTo(Reason.TOO_LARGE);
  }
}
