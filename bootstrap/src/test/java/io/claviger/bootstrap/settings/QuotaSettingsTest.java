package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.port.CountedKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "TOKEN, CLAVIGER_MAX_TOKENS_PER_USER, 1000",
    "SERVICE, CLAVIGER_MAX_SERVICES_PER_USER, 1000",
    "DEFINITION, CLAVIGER_MAX_DEFINITIONS_PER_USER, 1000",
    "PROJECT, CLAVIGER_MAX_PROJECTS_PER_USER, 1000",
    "SHARE, CLAVIGER_MAX_SHARES_PER_USER, 10000",
    "USER_KEY, CLAVIGER_MAX_USER_KEYS_PER_USER, 1000",
    "TRANSFER, CLAVIGER_MAX_OPEN_TRANSFERS_PER_USER, 100"
  })
  void each_kind_has_a_quota_that_can_be_set(CountedKind kind, String name, int standard) {
    assertThat(Settings.from(Map.of()).quotas().most()).containsEntry(kind, standard);
    assertThat(Settings.from(Map.of(name, "7")).quotas().most()).containsEntry(kind, 7);
    assertThat(Faults.of(name, "-1"))
        .containsExactly(name + " must be a whole number from 0 to 10000000");
  }

  @Test
  void no_kind_is_left_out() {
    assertThat(Settings.from(Map.of()).quotas().most()).containsOnlyKeys(CountedKind.values());
  }
}
