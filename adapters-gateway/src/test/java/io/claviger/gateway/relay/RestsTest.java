package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.policy.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestsTest {
  private static final InstanceId SERVICE = new InstanceId(new UUID(0, 1));
  private static final Handle ALICE = new Handle("alice");
  private static final Handle BOB = new Handle("bob");
  private static final Rests.Target SHARED = new Rests.Target(SERVICE, "m", Optional.empty());
  private static final Rests.Target OF_ALICE = new Rests.Target(SERVICE, "m", Optional.of(ALICE));

  private static final Rests.Key KEY = new Rests.Key(KeySource.CENTRAL, Optional.of(Instant.EPOCH));
  private static final Rests.Key OTHER = new Rests.Key(KeySource.CENTRAL, Optional.empty());

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Rests rests = new Rests(now::get);

  private long seconds(Handle caller) {
    return Duration.ofNanos(rests.remaining(SERVICE, "m", caller, () -> Optional.of(KEY)))
        .toSeconds();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void each_failure_doubles_the_rest_up_to_five_minutes() {
    for (int expected : new int[] {10, 20, 40, 80, 160, 300, 300}) {
      rests.failed(SHARED, KEY, Optional.empty());
      assertThat(seconds(ALICE)).isEqualTo(expected);
      pass(Duration.ofSeconds(expected));
      assertThat(seconds(ALICE)).isZero();
    }
  }

  @Test
  void a_provider_that_asks_for_a_time_gets_it_up_to_an_hour() {
    rests.failed(SHARED, KEY, Optional.of(Duration.ofSeconds(3)));
    assertThat(seconds(ALICE)).isEqualTo(3);
    rests.failed(SHARED, KEY, Optional.of(Duration.ofDays(4)));
    assertThat(seconds(ALICE)).isEqualTo(3_600);
    rests.failed(SHARED, KEY, Optional.of(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(seconds(ALICE)).isEqualTo(3_600);
  }

  @Test
  void an_answer_ends_the_doubling() {
    rests.failed(SHARED, KEY, Optional.empty());
    rests.failed(SHARED, KEY, Optional.empty());
    rests.answered(SHARED);
    assertThat(seconds(ALICE)).isZero();
    rests.failed(SHARED, KEY, Optional.empty());
    assertThat(seconds(ALICE)).isEqualTo(10);
  }

  @Test
  void what_a_users_own_key_met_rests_for_that_user_alone() {
    rests.failed(OF_ALICE, KEY, Optional.empty());

    assertThat(seconds(ALICE)).isEqualTo(10);
    assertThat(seconds(BOB)).isZero();
  }

  @Test
  void a_target_does_not_rest_with_another_key_or_one_that_is_not_known() {
    rests.failed(SHARED, KEY, Optional.empty());

    assertThat(rests.remaining(SERVICE, "m", ALICE, () -> Optional.of(OTHER))).isZero();
    assertThat(rests.remaining(SERVICE, "m", ALICE, Optional::empty)).isZero();
    rests.failed(SHARED, OTHER, Optional.empty());
    assertThat(rests.remaining(SERVICE, "m", ALICE, () -> Optional.of(OTHER)))
        .isEqualTo(Rests.FIRST.toNanos());
  }

  @Test
  void another_model_of_the_same_service_does_not_rest() {
    rests.failed(SHARED, KEY, Optional.empty());

    assertThat(rests.remaining(SERVICE, "n", ALICE, () -> Optional.of(KEY))).isZero();
  }

  @Test
  void the_targets_that_rest_are_bounded_and_old_ones_make_room() {
    for (int i = 0; i < Rests.MOST + 10; i++) {
      rests.failed(
          new Rests.Target(SERVICE, "model-" + i, Optional.empty()), KEY, Optional.empty());
    }
    assertThat(rests.size()).isEqualTo(Rests.MOST);

    pass(Duration.ofMinutes(1));
    rests.failed(SHARED, KEY, Optional.empty());
    assertThat(rests.size()).isEqualTo(1);
  }
}
