package io.claviger.wiring.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.testkit.SettableNanos;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatientTurnTest {
  private static final int MOST = 3;

  private final SettableNanos nanos = new SettableNanos(0);
  private boolean inUse = true;
  private boolean unavailable;
  private int attempts;
  private final PatientTurn turn = new PatientTurn(this::attempt, MOST, nanos);

  private Duration attempt() {
    attempts++;
    if (unavailable) {
      throw new StoreUnavailable(new SQLException());
    }
    if (inUse) {
      throw new ConcurrencyConflict(ConcurrencyConflict.How.LOCKED, new SQLException());
    }
    return Duration.ofHours(1);
  }

  @Test
  void tables_that_are_in_use_again_and_again_make_the_task_fail() {
    conflict(MOST);
    fails();

    inUse = false;
    nanos.advance(PatientTurn.BETWEEN_ATTEMPTS);
    assertThat(turn.take()).isEqualTo(Duration.ofHours(1));
    inUse = true;
    conflict(MOST);
    fails();
  }

  /**
   * Other transactions wait during each attempt. So a task that counts as failed still tries only
   * once a minute.
   */
  @Test
  void a_task_that_has_failed_tries_once_a_minute() {
    conflict(MOST);
    fails();
    attempts = 0;
    for (int second = 0; second < 60; second++) {
      fails();
      nanos.advance(Duration.ofSeconds(1));
    }
    assertThat(attempts).isZero();
    fails();
    assertThat(attempts).isOne();
  }

  @Test
  void a_task_that_fails_for_another_reason_says_so_and_tries_again_at_once() {
    conflict(MOST);
    fails();
    nanos.advance(PatientTurn.BETWEEN_ATTEMPTS);
    unavailable = true;
    for (int n = 0; n < 2; n++) {
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(turn::take);
    }
  }

  private void conflict(int many) {
    for (int n = 0; n < many; n++) {
      assertThat(turn.take()).isEqualTo(PatientTurn.BETWEEN_ATTEMPTS);
    }
  }

  private void fails() {
    assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(turn::take);
  }
}
