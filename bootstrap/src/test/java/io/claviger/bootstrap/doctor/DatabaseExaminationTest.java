package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.port.IdentityStore.Unfollowed;
import io.claviger.bootstrap.doctor.Finding.Level;
import io.claviger.domain.accounts.Handle;
import io.claviger.persistence.Schema.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseExaminationTest {
  @ParameterizedTest
  @CsvSource({"0, OK", "1000, OK", "1001, WARN", "30000, WARN", "30001, FAIL", "86400000, FAIL"})
  void clocks_apart_by_more_than_a_second_are_a_warning_by_more_than_thirty_a_failure(
      long off, Level level) {
    Finding found = DatabaseExamination.clock(off);

    assertThat(found.level()).isEqualTo(level);
    assertThat(found.shown()).contains(off + " ms away");
  }

  @ParameterizedTest
  @CsvSource({"CURRENT, OK", "EMPTY, WARN", "BEHIND, WARN", "AHEAD, FAIL", "FOREIGN, FAIL"})
  void a_schema_that_the_next_start_does_not_mend_is_a_failure(State state, Level level) {
    assertThat(DatabaseExamination.schema(state).level()).isEqualTo(level);
  }

  @Test
  void people_whose_identity_provider_is_not_asked_are_a_warning() {
    assertThat(DatabaseExamination.identities(new Unfollowed(0, List.of()))).isEmpty();

    Finding found =
        DatabaseExamination.identities(
                new Unfollowed(3, List.of(new Handle("alice"), new Handle("bob"))))
            .orElseThrow();

    assertThat(found.level()).isEqualTo(Level.WARN);
    assertThat(found.shown()).contains("3 people", "alice, bob, ...");
  }
}
