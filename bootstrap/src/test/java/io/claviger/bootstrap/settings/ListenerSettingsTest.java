package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerSettingsTest {

  @Test
  void without_settings_both_listeners_stand_on_this_machine_only() {
    ListenerSettings listeners = Settings.from(Map.of()).listeners();
    assertThat(listeners.host()).isEqualTo("127.0.0.1");
    assertThat(listeners.port()).isEqualTo(8080);
    assertThat(listeners.gatewayPort()).isEqualTo(8081);
    assertThat(listeners.publicGatewayUrl()).isEmpty();
  }

  @Test
  void ports_are_taken_from_the_environment_and_may_both_be_0() {
    ListenerSettings listeners =
        Settings.from(Map.of("CLAVIGER_PORT", "0", "CLAVIGER_GATEWAY_PORT", "0")).listeners();
    assertThat(listeners.port()).isZero();
    assertThat(listeners.gatewayPort()).isZero();
  }

  @Test
  void a_node_stays_open_for_no_time_unless_told_otherwise() {
    assertThat(Settings.from(Map.of()).listeners().drain()).isZero();
    assertThat(Settings.from(Map.of("CLAVIGER_DRAIN_SECONDS", "15")).listeners().drain())
        .isEqualTo(Duration.ofSeconds(15));
    assertThat(Faults.of("CLAVIGER_DRAIN_SECONDS", "3601"))
        .containsExactly("CLAVIGER_DRAIN_SECONDS must be a whole number from 0 to 3600");
  }

  @Test
  void a_node_does_not_call_itself_unless_told_to() {
    assertThat(Settings.from(Map.of()).listeners().warmUp()).isZero();
    assertThat(Settings.from(Map.of("CLAVIGER_WARM_UP_SECONDS", "5")).listeners().warmUp())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(Faults.of("CLAVIGER_WARM_UP_SECONDS", "61"))
        .containsExactly("CLAVIGER_WARM_UP_SECONDS must be a whole number from 0 to 60");
  }

  @Test
  void the_distribution_has_another_warm_up_unless_a_variable_states_one() {
    assertThat(ListenerSettings.read(new Environment(Map.of()), 6).warmUp())
        .isEqualTo(Duration.ofSeconds(6));
    assertThat(
            ListenerSettings.read(new Environment(Map.of("CLAVIGER_WARM_UP_SECONDS", "0")), 6)
                .warmUp())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "http", "80.5", "99999999999999999999", "0x50"})
  void what_is_not_a_port_is_refused(String port) {
    assertThat(Faults.of("CLAVIGER_PORT", port))
        .containsExactly("CLAVIGER_PORT must be a whole number from 0 to 65535");
  }

  @Test
  void the_two_ports_must_differ() {
    assertThat(Faults.of("CLAVIGER_GATEWAY_PORT", "8080"))
        .containsExactly("CLAVIGER_PORT and CLAVIGER_GATEWAY_PORT are the same: use two");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, http://localhost:8081",
    "::, http://localhost:8081",
    "[::], http://localhost:8081",
    "::1, http://[::1]:8081",
    "10.0.0.7, http://10.0.0.7:8081",
    "keys.example.org, http://keys.example.org:8081"
  })
  void the_gateway_url_names_the_host_and_localhost_for_a_wildcard(String host, URI url) {
    ListenerSettings listeners = Settings.from(Map.of("CLAVIGER_HOST", host)).listeners();
    assertThat(listeners.gatewayUrl(8081)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8080", "http://localhost", "two words", "a/b", "-x"})
  void what_is_not_a_host_is_refused(String host) {
    assertThat(Faults.of("CLAVIGER_HOST", host))
        .containsExactly("CLAVIGER_HOST must be a host name or an address, without a port");
  }

  @Test
  void behind_a_proxy_the_gateway_url_is_the_proxys_without_its_last_slash() {
    ListenerSettings listeners =
        Settings.from(Map.of("CLAVIGER_GATEWAY_URL", "https://llm.example.org/claviger/"))
            .listeners();
    assertThat(listeners.gatewayUrl(8081))
        .isEqualTo(URI.create("https://llm.example.org/claviger"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llm.example.org",
        "ftp://x",
        "https://",
        "https://u:p@x",
        "https://x?a=b",
        "https://x#a",
        "https://x:99999",
        "https://a b"
      })
  void what_is_not_a_base_url_is_refused(String url) {
    assertThat(Faults.of("CLAVIGER_GATEWAY_URL", url))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_GATEWAY_URL must be http:// or https://");
  }
}
