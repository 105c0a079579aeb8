package io.claviger.bootstrap.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.bootstrap.doctor.Examination;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusyPortTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void busy_ports_are_told_together_before_anything_is_created() throws IOException {
    Path data = directory.resolve("data");
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket one = new ServerSocket(0, 1, here);
        ServerSocket other = new ServerSocket(0, 1, here)) {
      Settings settings =
          Settings.forServing(
              Map.of(
                  "CLAVIGER_DATA_DIR", data.toString(),
                  "CLAVIGER_PORT", Integer.toString(one.getLocalPort()),
                  "CLAVIGER_GATEWAY_PORT", Integer.toString(other.getLocalPort())));

      assertThatThrownBy(() -> Node.start(settings))
          .isInstanceOfSatisfying(
              StartRefused.class,
              refused ->
                  assertThat(refused.lines())
                      .containsExactly(
                          "port %d is in use or can't be listened on (CLAVIGER_PORT)"
                              .formatted(one.getLocalPort()),
                          "port %d is in use or can't be listened on (CLAVIGER_GATEWAY_PORT)"
                              .formatted(other.getLocalPort())));
      assertThat(data).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_TRACES_EXPORTER, pigeon, pigeon",
    "OTEL_METRICS_EXPORTER, pigeon, pigeon",
    "OTEL_EXPORTER_OTLP_ENDPOINT, nowhere, nowhere",
    "OTEL_EXPORTER_OTLP_CERTIFICATE, /no/such/file, /no/such/file",
    "OTEL_BSP_SCHEDULE_DELAY, soon, soon",
    "OTEL_TRACES_SAMPLER, sometimes, sometimes"
  })
  void a_variable_that_opentelemetry_does_not_understand_is_told_before_anything_is_created(
      String name, String value, String told) {
    Path data = directory.resolve("data");
    Settings settings =
        Settings.forServing(
            Map.of(
                "CLAVIGER_DATA_DIR",
                data.toString(),
                "CLAVIGER_PORT",
                "0",
                "CLAVIGER_GATEWAY_PORT",
                "0",
                name,
                value));
    assertThatThrownBy(() -> Node.start(settings))
        .isInstanceOf(StartRefused.class)
        .hasMessageStartingWith("OTEL_")
        .hasMessageContaining(told);
    assertThat(data).doesNotExist();

    List<Finding> findings = new ArrayList<>();
    Examination.of(settings, findings::add);
    assertThat(findings)
        .filteredOn(Finding::failed)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.name()).isEqualTo("environment");
              assertThat(finding.what()).contains(told);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1 is no address of this machine (CLAVIGER_HOST)",
    "claviger.invalid, the host claviger.invalid can't be resolved (CLAVIGER_HOST)"
  })
  void a_host_that_is_not_this_machine_is_not_blamed_on_the_ports(String host, String told) {
    Path data = directory.resolve("data");
    Settings settings =
        Settings.forServing(Map.of("CLAVIGER_DATA_DIR", data.toString(), "CLAVIGER_HOST", host));
    assertThatThrownBy(() -> Node.start(settings))
        .isInstanceOfSatisfying(
            StartRefused.class, refused -> assertThat(refused.lines()).containsExactly(told));
    assertThat(data).doesNotExist();
  }
}
