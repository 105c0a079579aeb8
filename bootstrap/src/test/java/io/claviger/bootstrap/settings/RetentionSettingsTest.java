package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.retention.port.KeptByMonth;
import io.claviger.domain.retention.RetentionMonths;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionSettingsTest {
  @Test
  void everything_is_kept_for_ever_unless_the_operator_says_otherwise() {
    assertThat(Settings.from(Map.of()).retention().kept()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"USAGE, CLAVIGER_USAGE_RETENTION_MONTHS", "AUDIT, CLAVIGER_AUDIT_RETENTION_MONTHS"})
  void each_is_kept_for_as_many_months_as_are_set(KeptByMonth what, String name) {
    assertThat(Settings.from(Map.of(name, "12")).retention().kept())
        .isEqualTo(Map.of(what, new RetentionMonths(12)));
    assertThat(Faults.of(name, "0"))
        .containsExactly(name + " must be a whole number from 1 to 1200");
  }
}
