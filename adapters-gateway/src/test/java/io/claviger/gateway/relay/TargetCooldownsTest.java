package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TargetCooldownsTest {
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(0, 1));
  private static final Handle ALICE = new Handle("alice");
  private static final Handle BOB = new Handle("bob");
  private static final TargetCooldowns.CooldownTarget SHARED =
      new TargetCooldowns.CooldownTarget(SERVICE, "m", Optional.empty());
  private static final TargetCooldowns.CooldownTarget OF_ALICE =
      new TargetCooldowns.CooldownTarget(SERVICE, "m", Optional.of(ALICE));

  private static final TargetCooldowns.CooldownKey KEY =
      new TargetCooldowns.CooldownKey(KeySource.CENTRAL, Optional.of(Instant.EPOCH));
  private static final TargetCooldowns.CooldownKey OTHER =
      new TargetCooldowns.CooldownKey(KeySource.CENTRAL, Optional.empty());

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final TargetCooldowns cooldowns = new TargetCooldowns(now::get);

  private long seconds(Handle caller) {
    return Duration.ofNanos(cooldowns.remaining(SERVICE, "m", caller, () -> Optional.of(KEY)))
        .toSeconds();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void each_failure_doubles_the_rest_up_to_five_minutes() {
    for (int expected : new int[] {10, 20, 40, 80, 160, 300, 300}) {
      cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
      assertThat(seconds(ALICE)).isEqualTo(expected);
      pass(Duration.ofSeconds(expected));
      assertThat(seconds(ALICE)).isZero();
    }
  }

  @Test
  void a_provider_that_asks_for_a_time_gets_it_up_to_an_hour() {
    cooldowns.recordFailure(
        SHARED, KEY, ALICE, Optional.empty(), Optional.of(Duration.ofSeconds(3)));
    assertThat(seconds(ALICE)).isEqualTo(3);
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.of(Duration.ofDays(4)));
    assertThat(seconds(ALICE)).isEqualTo(3_600);
    cooldowns.recordFailure(
        SHARED, KEY, ALICE, Optional.empty(), Optional.of(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(seconds(ALICE)).isEqualTo(3_600);
  }

  @Test
  void an_answer_ends_the_doubling() {
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    cooldowns.recordSuccess(SHARED);
    assertThat(seconds(ALICE)).isZero();
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    assertThat(seconds(ALICE)).isEqualTo(10);
  }

  @Test
  void what_a_users_own_key_met_rests_for_that_user_alone() {
    cooldowns.recordFailure(OF_ALICE, KEY, ALICE, Optional.empty(), Optional.empty());

    assertThat(seconds(ALICE)).isEqualTo(10);
    assertThat(seconds(BOB)).isZero();
  }

  /**
   * If the target rested for everybody, one caller could lead the calls of all others to a more
   * expensive target.
   */
  @Test
  void what_one_caller_alone_meets_rests_for_that_caller_alone() {
    for (int i = 0; i < 20; i++) {
      cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    }

    assertThat(seconds(ALICE)).isEqualTo(300);
    assertThat(seconds(BOB)).isZero();
  }

  @Test
  void what_a_person_and_their_service_account_meet_rests_for_one_of_them_alone() {
    Handle robot = new Handle("robot");
    Optional<UUID> alice = Optional.of(new UUID(1, 1));
    for (Handle caller : new Handle[] {ALICE, robot, ALICE, robot}) {
      cooldowns.recordFailure(SHARED, KEY, caller, alice, Optional.empty());
    }
    assertThat(seconds(robot)).isEqualTo(10);
    assertThat(seconds(BOB)).isZero();

    cooldowns.recordFailure(SHARED, KEY, BOB, Optional.of(new UUID(1, 2)), Optional.empty());
    assertThat(seconds(new Handle("carol"))).isEqualTo(10);
  }

  @Test
  void what_another_caller_meets_too_rests_for_everybody() {
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    cooldowns.recordFailure(SHARED, KEY, BOB, Optional.empty(), Optional.empty());

    assertThat(seconds(ALICE)).isEqualTo(10);
    assertThat(seconds(BOB)).isEqualTo(10);
    assertThat(seconds(new Handle("carol"))).isEqualTo(10);
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    assertThat(seconds(new Handle("carol"))).isEqualTo(20);
  }

  @Test
  void what_another_caller_met_counts_only_until_the_rest_is_over() {
    cooldowns.recordFailure(SHARED, KEY, BOB, Optional.empty(), Optional.empty());
    pass(Duration.ofSeconds(10));
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());

    assertThat(seconds(ALICE)).isEqualTo(10);
    assertThat(seconds(BOB)).isZero();
  }

  @Test
  void a_target_does_not_rest_with_another_key_or_one_that_is_not_known() {
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());

    assertThat(cooldowns.remaining(SERVICE, "m", ALICE, () -> Optional.of(OTHER))).isZero();
    assertThat(cooldowns.remaining(SERVICE, "m", ALICE, Optional::empty)).isZero();
    cooldowns.recordFailure(SHARED, OTHER, ALICE, Optional.empty(), Optional.empty());
    assertThat(cooldowns.remaining(SERVICE, "m", ALICE, () -> Optional.of(OTHER)))
        .isEqualTo(TargetCooldowns.FIRST.toNanos());
  }

  @Test
  void another_model_of_the_same_service_does_not_rest() {
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());

    assertThat(cooldowns.remaining(SERVICE, "n", ALICE, () -> Optional.of(KEY))).isZero();
  }

  @Test
  void the_targets_that_rest_are_bounded_and_old_ones_make_room() {
    for (int i = 0; i < TargetCooldowns.MOST + 10; i++) {
      cooldowns.recordFailure(
          new TargetCooldowns.CooldownTarget(SERVICE, "model-" + i, Optional.empty()),
          KEY,
          ALICE,
          Optional.empty(),
          Optional.empty());
    }
    assertThat(cooldowns.size()).isEqualTo(TargetCooldowns.MOST);

    pass(Duration.ofMinutes(1));
    cooldowns.recordFailure(SHARED, KEY, ALICE, Optional.empty(), Optional.empty());
    assertThat(cooldowns.size()).isEqualTo(1);
  }
}
