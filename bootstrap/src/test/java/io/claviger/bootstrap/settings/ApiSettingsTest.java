package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.settings.Settings.ApiSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiSettingsTest {
  private static final String REQUESTS_PER_MINUTE = "CLAVIGER_API_REQUESTS_PER_MINUTE";

  @Test
  void without_a_setting_a_user_has_1200_requests_a_minute() {
    assertThat(Settings.from(Map.of()).api()).isEqualTo(new ApiSettings(1_200, 90));
    assertThat(Settings.from(Map.of("CLAVIGER_KEY_AGE_DAYS", "365")).api().keyAgeDays())
        .isEqualTo(365);
  }

  @Test
  void the_rate_is_taken_from_the_environment() {
    assertThat(Settings.from(Map.of(REQUESTS_PER_MINUTE, "7")).api().requestsPerMinute())
        .isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "10000001", "many", "1.5"})
  void what_is_no_rate_is_refused(String number) {
    assertThat(Faults.of(REQUESTS_PER_MINUTE, number))
        .containsExactly(REQUESTS_PER_MINUTE + " must be a whole number from 1 to 10000000");
  }
}
