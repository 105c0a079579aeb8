package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionSettingsTest {
  @Test
  void everything_is_kept_for_ever_unless_the_operator_says_otherwise() {
    assertThat(Settings.from(Map.of()).retention().bounds().keepsEverything()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLAVIGER_USAGE_RETENTION_MONTHS", "CLAVIGER_AUDIT_RETENTION_MONTHS"})
  void each_is_kept_for_as_many_months_as_are_set(String name) {
    RetentionPolicy bounds = Settings.from(Map.of(name, "12")).retention().bounds();
    assertThat(name.contains("USAGE") ? bounds.usage() : bounds.audit())
        .hasValue(new RetentionMonths(12));
    assertThat(name.contains("USAGE") ? bounds.audit() : bounds.usage()).isEmpty();
    assertThat(Faults.of(name, "0"))
        .containsExactly(name + " must be a whole number from 1 to 1200");
  }
}
