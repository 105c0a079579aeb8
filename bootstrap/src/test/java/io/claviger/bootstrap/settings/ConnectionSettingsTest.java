package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.settings.Settings.ConnectionSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSettingsTest {
  private static final String MOST = "CLAVIGER_MAX_CONNECTIONS";
  private static final String MOST_PER_ADDRESS = "CLAVIGER_MAX_CONNECTIONS_PER_ADDRESS";

  @Test
  void without_settings_connections_are_bounded_all_the_same() {
    assertThat(Settings.from(Map.of()).connections())
        .isEqualTo(new ConnectionSettings(4_096, 1_024));
  }

  @Test
  void both_bounds_are_taken_from_the_environment() {
    assertThat(Settings.from(Map.of(MOST, "20000", MOST_PER_ADDRESS, "20000")).connections())
        .isEqualTo(new ConnectionSettings(20_000, 20_000));
  }

  @Test
  void a_low_bound_in_all_holds_for_one_address_too() {
    assertThat(Settings.from(Map.of(MOST, "100")).connections())
        .isEqualTo(new ConnectionSettings(100, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1000001", "many", "1.5"})
  void what_is_no_number_of_connections_is_refused(String number) {
    assertThat(Faults.of(MOST, number))
        .containsExactly(MOST + " must be a whole number from 1 to 1000000");
    assertThat(Faults.of(MOST_PER_ADDRESS, number))
        .containsExactly(MOST_PER_ADDRESS + " must be a whole number from 1 to 1000000");
  }

  @Test
  void one_address_can_not_have_more_than_there_are_in_all() {
    assertThat(Faults.of(Map.of(MOST, "10", MOST_PER_ADDRESS, "11")))
        .containsExactly(
            MOST_PER_ADDRESS + " must not exceed CLAVIGER_MAX_CONNECTIONS, which is 10");
  }
}
