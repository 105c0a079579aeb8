package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.CountingPermitLeases;
import io.claviger.application.fakes.InMemoryPermitLeases;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes that lease permits from the same store. */
class RateLimiterTest {
  private final SettableClock clock = new SettableClock(Seeds.SEEDED_AT);
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 7);
  private final CountingPermitLeases leases =
      new CountingPermitLeases(new InMemoryPermitLeases(clock));
  private final RateLimiter node = new RateLimiter(leases, nanos);
  private final RateLimiter other = new RateLimiter(leases, nanos);

  @Test
  void what_is_leased_while_idle_subjects_are_swept_is_given_back_in_the_end() throws Exception {
    AtomicReference<RateLimiter> swept = new AtomicReference<>();
    List<PermitLeases.EndedPermitLease> back = new ArrayList<>();
    PermitLeases sweeping =
        new PermitLeases() {
          private long last;

          @Override
          public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
            sweepElsewhere(swept.get());
            return new Lease(++last, 1, Duration.ZERO);
          }

          @Override
          public int counted(String subject) {
            return 0;
          }

          @Override
          public void giveBack(EndedPermitLease used) {
            back.add(used);
          }
        };
    RateLimiter permits = new RateLimiter(sweeping, nanos);
    swept.set(permits);
    assertTaken(permits.take(of("a", 60)));
    pass(LeasedQuota.LIFETIME.multipliedBy(5));

    assertTaken(permits.take(of("a", 60)));
    pass(LeasedQuota.LIFETIME.multipliedBy(5));
    permits.sweep();

    assertThat(back).extracting(PermitLeases.EndedPermitLease::lease).containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @CsvSource({"a, b", "b, a"})
  void a_subject_that_fails_keeps_no_other_from_giving_back_its_permits(
      String broken, String whole) {
    AtomicBoolean isBroken = new AtomicBoolean();
    PermitLeases failing =
        new CountingPermitLeases(leases) {
          @Override
          public void giveBack(EndedPermitLease used) {
            if (isBroken.get() && used.subject().equals(broken)) {
              throw new IllegalStateException("integer out of range");
            }
            super.giveBack(used);
          }
        };
    RateLimiter permits = new RateLimiter(failing, nanos);
    warmUp(permits, broken, 3_000);
    warmUp(permits, whole, 3_000);
    isBroken.set(true);
    pass(LeasedQuota.LIFETIME);

    assertThatIllegalStateException().isThrownBy(permits::sweep);

    assertThat(free(whole, 3_000)).isEqualTo(3_000 - 4);
  }

  /** A task that fails pauses, so a subject that fails in each run would slow all others. */
  @Test
  void a_subject_whose_permits_cannot_be_given_back_fails_the_task_once_and_then_rests() {
    AtomicInteger failed = new AtomicInteger();
    AtomicBoolean isBroken = new AtomicBoolean();
    PermitLeases failing =
        new CountingPermitLeases(leases) {
          @Override
          public void giveBack(EndedPermitLease used) {
            if (isBroken.get() && used.subject().equals("a")) {
              failed.incrementAndGet();
              throw new IllegalStateException("integer out of range");
            }
            super.giveBack(used);
          }
        };
    RateLimiter permits = new RateLimiter(failing, nanos);
    warmUp(permits, "a", 3_000);
    isBroken.set(true);
    pass(LeasedQuota.LIFETIME);
    assertThatIllegalStateException().isThrownBy(permits::sweep);

    permits.sweep();
    assertThat(failed).hasValue(1);

    isBroken.set(false);
    pass(SubjectFailures.REST);
    permits.sweep();
    pass(LeasedQuota.LIFETIME);
    permits.sweep();
    assertThat(permits.subjects()).isZero();
  }

  @Test
  void a_subject_that_cannot_be_renewed_fails_the_task_once_and_then_rests() {
    AtomicBoolean isBroken = new AtomicBoolean();
    PermitLeases failing =
        new CountingPermitLeases(leases) {
          @Override
          public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
            if (isBroken.get()) {
              throw new IllegalStateException("integer out of range");
            }
            return super.lease(subject, perMinute, wanted, lifetime);
          }
        };
    RateLimiter permits = new RateLimiter(failing, nanos);
    warmUp(permits, "a", 3_000);
    use(permits, "a", 3_000, 40);
    isBroken.set(true);
    pass(LeasedQuota.LIFETIME.minus(LeasedQuota.AHEAD).plusMillis(1));
    assertThatIllegalStateException().isThrownBy(permits::renew);

    permits.renew();

    isBroken.set(false);
    assertTaken(permits.take(of("a", 3_000)));
  }

  private static void sweepElsewhere(RateLimiter permits) {
    try {
      Thread.ofPlatform().start(permits::sweep).join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_permit_that_comes_back_after_its_batch_ended_makes_no_other_batch_larger() {
    AtomicReference<RateLimiter> permits = new AtomicReference<>();
    PermitLeases slow =
        new CountingPermitLeases(leases) {
          @Override
          public Lease lease(String subject, int perMinute, int wanted, Duration lifetime) {
            if (subject.equals("a")) {
              return super.lease(subject, perMinute, wanted, lifetime);
            }
            pass(LeasedQuota.LIFETIME);
            permits.get().sweep();
            assertTaken(permits.get().take(of("a", 2)));
            return new Lease(0, 0, Duration.ofSeconds(1));
          }
        };
    permits.set(new RateLimiter(slow, nanos));

    assertThat(exhausted(permits.get().take(List.of(new Meter("a", 2), new Meter("b", 1)))))
        .isNotNull();

    assertThat(isTaken(permits.get().takeAtOnce(of("a", 2)))).isFalse();
  }

  @Test
  void where_nothing_is_metered_every_request_may_be_made_and_nobody_is_asked() {
    assertThat(node.takeAtOnce(List.of())).isInstanceOf(RateLimiter.PermitDecision.Taken.class);
    assertThat(node.take(List.of())).isInstanceOf(RateLimiter.PermitDecision.Taken.class);
    assertThat(leases.asked()).isZero();
  }

  @Test
  void at_once_nothing_is_leased() {
    assertThat(node.takeAtOnce(of("a", 600)))
        .isInstanceOf(RateLimiter.PermitDecision.Unknown.class);
    assertThat(leases.asked()).isZero();
  }

  @Test
  void of_more_subjects_than_fit_each_call_leases_for_itself() {
    RateLimiter small = new RateLimiter(leases, nanos, 3);
    for (String subject : List.of("a", "b", "c", "d", "e")) {
      assertTaken(small.take(of(subject, 2)));
    }

    assertThat(small.subjects()).isEqualTo(3);
    assertThat(small.takeAtOnce(of("e", 2))).isInstanceOf(RateLimiter.PermitDecision.Unknown.class);
    assertTaken(small.take(of("e", 2)));
    assertThat(small.take(of("e", 2))).isInstanceOf(RateLimiter.PermitDecision.Exhausted.class);
  }

  @Test
  void portions_grow_with_what_is_used_up_to_a_thirtieth_of_the_rate() {
    int taken = 0;
    while (leases.asked() < 12) {
      pass(LeasedQuota.LIFETIME.dividedBy(2));
      while (isTaken(node.takeAtOnce(of("a", 3_000)))) {
        taken++;
      }
      assertTaken(node.take(of("a", 3_000)));
      taken++;
    }

    // 1, 2, 4, 8, 16, 32, 64, then 100 each, and one of the twelfth.
    assertThat(taken).isEqualTo(1 + 2 + 4 + 8 + 16 + 32 + 64 + 4 * 100 + 1);
  }

  @Test
  void portions_grow_faster_for_who_uses_them_up_faster() {
    int taken = 0;
    while (leases.asked() < 4) {
      assertTaken(node.take(of("a", 30_000)));
      taken++;
    }

    // A two-thousandth of the rate, 16 times as many, a thirtieth of the rate, and one of the
    // fourth.
    assertThat(taken).isEqualTo(15 + 16 * 15 + 1_000 + 1);
  }

  @Test
  void many_requests_are_admitted_with_few_questions() {
    for (int n = 0; n < 50_000; n++) {
      assertTaken(node.take(of("a", 1_000_000)));
    }

    assertThat(leases.asked()).isLessThan(20);
  }

  @Test
  void a_portion_is_good_for_two_seconds() {
    warmUp(node, "a", 600);
    assertTaken(node.takeAtOnce(of("a", 600)));

    pass(LeasedQuota.LIFETIME.minusNanos(1));
    assertTaken(node.takeAtOnce(of("a", 600)));
    pass(Duration.ofNanos(1));
    assertThat(node.takeAtOnce(of("a", 600)))
        .isInstanceOf(RateLimiter.PermitDecision.Unknown.class);
  }

  @Test
  void who_has_none_left_is_told_so_without_asking_until_some_may_be_free() {
    assertTaken(node.take(of("a", 1)));
    RateLimiter.PermitDecision.Exhausted exhausted = exhausted(node.take(of("a", 1)));
    int asked = leases.asked();

    pass(exhausted.retryAfter().minusMillis(1));
    assertThat(exhausted(node.takeAtOnce(of("a", 1))).retryAfter()).isEqualTo(Duration.ofMillis(1));
    assertThat(exhausted(node.take(of("a", 1))).retryAfter()).isPositive();
    assertThat(leases.asked()).isEqualTo(asked);
    pass(Duration.ofMillis(1));
    assertTaken(node.take(of("a", 1)));
  }

  @Test
  void what_is_left_of_a_portion_is_given_back_with_the_next_question() {
    warmUp(node, "a", 60);
    pass(LeasedQuota.LIFETIME);
    assertTaken(node.take(of("a", 60)));

    // 1 and 1 of 2 were used, and at most 2 are out again.
    assertThat(free("a", 60)).isGreaterThanOrEqualTo(60 - 2 - 2);
  }

  @Test
  void what_is_left_of_a_portion_is_given_back_by_a_sweep_once_it_is_over() {
    warmUp(node, "a", 60);
    node.sweep();
    assertThat(free("a", 60)).as("not over yet").isEqualTo(57);
    pass(LeasedQuota.LIFETIME);
    node.sweep();

    assertThat(free("a", 60)).isEqualTo(1);
  }

  @Test
  void who_goes_on_calling_never_waits_for_the_next_portion() {
    for (int call = 0; call < 2_000; call++) {
      pass(Duration.ofMillis(50));
      node.renew();
      node.sweep();
      assertTaken(call < 100 ? node.take(of("a", 3_000)) : node.takeAtOnce(of("a", 3_000)));
    }
  }

  @Test
  void a_portion_that_is_nearly_used_up_is_replaced_by_a_larger_one() {
    use(node, "a", 6_000, 50);
    int taken = 0;
    while (isTaken(node.takeAtOnce(of("a", 6_000)))) {
      node.renew();
      taken++;
    }

    assertThat(taken).isGreaterThan(5_000);
    assertThat(leases.asked()).isLessThan(100);
  }

  @Test
  void a_portion_that_nobody_uses_is_not_replaced() {
    use(node, "a", 3_000, 50);
    pass(LeasedQuota.LIFETIME.minus(LeasedQuota.AHEAD).plusNanos(1));
    node.renew();
    int asked = leases.asked();
    pass(LeasedQuota.LIFETIME.minus(LeasedQuota.AHEAD).plusNanos(1));

    node.renew();

    assertThat(leases.asked()).isEqualTo(asked);
  }

  @Test
  void what_is_left_of_a_portion_is_given_back_when_it_is_replaced() {
    use(node, "a", 3_000, 50);
    int asked = leases.asked();
    pass(LeasedQuota.LIFETIME.minus(LeasedQuota.AHEAD).plusNanos(1));
    node.renew();
    assertThat(leases.asked()).isGreaterThan(asked);
    pass(LeasedQuota.LIFETIME);
    node.sweep();

    // Nothing was used of what replaced the rest.
    assertThat(free("a", 3_000)).isEqualTo(3_000 - 50);
  }

  @Test
  void a_portion_is_replaced_at_the_rate_that_holds_now() {
    use(node, "a", 3_000, 50);
    assertTaken(node.takeAtOnce(of("a", 1)));
    pass(LeasedQuota.LIFETIME.minus(LeasedQuota.AHEAD).plusNanos(1));

    node.renew();

    pass(LeasedQuota.AHEAD);
    assertThat(node.takeAtOnce(of("a", 1))).isInstanceOf(RateLimiter.PermitDecision.Unknown.class);
  }

  @Test
  void a_sweep_keeps_what_can_still_be_used() {
    warmUp(node, "a", 600);

    node.sweep();

    assertTaken(node.takeAtOnce(of("a", 600)));
  }

  @Test
  void a_trickle_of_calls_on_two_nodes_is_not_starved_by_what_portions_hold() {
    for (int second = 0; second < 600; second++) {
      RateLimiter now = second % 2 == 0 ? node : other;
      assertThat(now.take(of("a", 55))).as("second %d", second).isInstanceOf(taken());
      for (int n = 0; n < 3; n++) {
        pass(Duration.ofMillis(400));
        node.sweep();
        other.sweep();
      }
    }
  }

  @Test
  void two_nodes_share_one_rate_exactly_and_leave_little_of_it() {
    int rate = 600;
    Deque<Long> minute = new ArrayDeque<>();
    long admitted = 0;
    Duration whole = Duration.ofMinutes(10);
    Duration tick = Duration.ofMillis(20);
    for (long at = 0; at < whole.toMillis(); at += tick.toMillis()) {
      for (RateLimiter each : List.of(node, other)) {
        if (isTaken(each.take(of("a", rate)))) {
          admitted++;
          minute.add(at);
        }
      }
      while (!minute.isEmpty() && minute.element() <= at - 60_000) {
        long unused = minute.remove();
      }
      assertThat(minute.size()).isLessThanOrEqualTo(rate);
      if (at % 400 == 0) {
        node.sweep();
        other.sweep();
      }
      if (at % 160 == 0) {
        node.renew();
        other.renew();
      }
      pass(tick);
    }

    assertThat(admitted).isBetween(10L * rate * 9 / 10, 10L * rate + rate);
  }

  @Test
  void a_request_takes_of_all_meters_or_of_none() {
    Meter wide = new Meter("wide", 10);
    Meter narrow = new Meter("narrow", 1);
    assertTaken(node.take(List.of(wide, narrow)));
    for (int n = 0; n < 20; n++) {
      assertThat(exhausted(node.take(List.of(wide, narrow))).retryAfter()).isPositive();
      assertThat(node.takeAtOnce(List.of(wide, narrow))).isNotInstanceOf(taken());
    }

    for (int n = 0; n < 9; n++) {
      assertTaken(node.take(List.of(wide)));
    }
    assertThat(exhausted(node.take(List.of(wide))).retryAfter()).isPositive();
  }

  @Test
  void each_subject_has_its_own_permits() {
    assertTaken(node.take(of("a", 1)));
    assertThat(exhausted(node.take(of("a", 1))).retryAfter()).isPositive();
    assertTaken(node.take(of("b", 1)));
  }

  @Test
  void sixteen_threads_on_two_nodes_get_what_the_rate_allows_together() {
    List<Boolean> answers =
        Race.of(
            16,
            n -> {
              RateLimiter mine = n % 2 == 0 ? node : other;
              return isTaken(n % 4 < 2 ? mine.take(of("a", 500)) : mine.takeAtOnce(of("a", 500)));
            },
            200);

    long taken = answers.stream().filter(a -> a).count();
    assertThat(taken).isLessThanOrEqualTo(500);
    assertThat(taken).isGreaterThan(450);
  }

  @Test
  void a_raised_rate_holds_with_the_next_request_on_each_node() {
    use(node, "a", 30, 30);
    assertThat(exhausted(node.take(of("a", 30))).perMinute()).hasValue(30);
    assertThat(exhausted(other.take(of("a", 30))).perMinute()).hasValue(30);

    assertThat(node.peek(of("a", 60))).isInstanceOf(taken());
    assertTaken(node.take(of("a", 60)));
    assertTaken(other.take(of("a", 60)));
  }

  private static void use(RateLimiter permits, String subject, int perMinute, int times) {
    for (int n = 0; n < times; n++) {
      assertTaken(permits.take(of(subject, perMinute)));
    }
  }

  /** Leases one permit and then several, so that some are available at once. */
  private static void warmUp(RateLimiter permits, String subject, int perMinute) {
    for (int n = 0; n < (perMinute > 60 ? 4 : 2); n++) {
      assertTaken(permits.take(of(subject, perMinute)));
    }
  }

  /** How many permits another node gets. It keeps them. */
  private int free(String subject, int perMinute) {
    return leases.lease(subject, perMinute, 10_000, Duration.ofSeconds(1)).granted();
  }

  private void pass(Duration time) {
    clock.advance(time);
    nanos.advance(time);
  }

  private static List<Meter> of(String subject, int perMinute) {
    return List.of(new Meter(subject, perMinute));
  }

  private static Class<RateLimiter.PermitDecision.Taken> taken() {
    return RateLimiter.PermitDecision.Taken.class;
  }

  private static boolean isTaken(RateLimiter.PermitDecision answer) {
    return answer instanceof RateLimiter.PermitDecision.Taken;
  }

  private static void assertTaken(RateLimiter.PermitDecision answer) {
    assertThat(answer).isInstanceOf(taken());
  }

  private static RateLimiter.PermitDecision.Exhausted exhausted(RateLimiter.PermitDecision answer) {
    assertThat(answer).isInstanceOf(RateLimiter.PermitDecision.Exhausted.class);
    return (RateLimiter.PermitDecision.Exhausted) answer;
  }
}
