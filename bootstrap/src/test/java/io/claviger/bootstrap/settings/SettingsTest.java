package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.settings.Settings.AmbientSettings;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.credentials.Cloud;
import io.claviger.host.StartRefused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  @Test
  void an_empty_environment_is_a_good_one() {
    Settings settings = Settings.forServing(Map.of());
    assertThat(settings.dataDirectory()).isEqualTo(Path.of("data").toAbsolutePath());
    assertThat(settings.log()).isEqualTo(LogSettings.STANDARD);
    assertThat(settings.gateway().bodySizes().most()).isEqualTo(67_108_864);
    assertThat(settings.gateway().allowedPrivateHosts()).isEmpty();
    assertThat(settings.trustedProxies().isEmpty()).isTrue();
    assertThat(settings.metricsToken()).isEmpty();
    assertThat(settings.keys().encryptionKeys()).isEmpty();
  }

  @Test
  void all_faults_are_told_at_once_one_a_line() {
    assertThat(
            Faults.of(
                Map.of(
                    "CLAVIGER_PORT", "x",
                    "DATABASE_URL", "x",
                    "CLAVIGER_ADMIN_TOKEN", "x",
                    "CLAVIGER_LOG_LEVEL", "x",
                    "CLAVIGER_GATEWAY_MAX_BODY", "x")))
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).hasLineCount(1));
  }

  @Test
  void faults_of_keys_and_of_private_hosts_are_told_with_the_others() {
    assertThatThrownBy(
            () ->
                Settings.forServing(
                    Map.of(
                        "CLAVIGER_PORT", "x",
                        "ENCRYPTION_KEY", "hunter2",
                        "CLAVIGER_DEPLOYMENT_KEY_NOBODY", "sk-hunter2",
                        "CLAVIGER_ALLOWED_PRIVATE_HOSTS", "ollama:11434, 10.0.0.0/99")))
        .isInstanceOfSatisfying(
            StartRefused.class,
            refused ->
                assertThat(refused.lines())
                    .satisfiesExactly(
                        line -> assertThat(line).startsWith("CLAVIGER_PORT must"),
                        line -> assertThat(line).startsWith("ENCRYPTION_KEY: An encryption key"),
                        line -> assertThat(line).startsWith("CLAVIGER_DEPLOYMENT_KEY_NOBODY: "),
                        line ->
                            assertThat(line)
                                .startsWith("CLAVIGER_ALLOWED_PRIVATE_HOSTS: 10.0.0.0/99 is"))
                    .noneMatch(line -> line.contains("hunter2")));
  }

  @Test
  void a_server_with_a_database_of_the_operators_needs_an_encryption_key() {
    Map<String, String> environment = Map.of("DATABASE_URL", "postgres://u:p@db/x");
    assertThatThrownBy(() -> Settings.forServing(environment))
        .isInstanceOfSatisfying(
            StartRefused.class,
            refused ->
                assertThat(refused.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ENCRYPTION_KEY or ENCRYPTION_KEY_FILE is needed"));
    assertThatThrownBy(
            () ->
                Settings.forServing(
                    Map.of("DATABASE_URL", "postgres://u:p@db/x", "ENCRYPTION_KEY", " ")))
        .isInstanceOfSatisfying(
            StartRefused.class,
            refused ->
                assertThat(refused.lines())
                    .containsExactly("ENCRYPTION_KEY is empty: unset it or give it a value"));
    assertThat(Settings.from(environment).database().given()).isPresent();
  }

  @Test
  void log_level_and_format_are_read_in_any_case() {
    LogSettings log =
        Settings.from(
                Map.of(
                    "CLAVIGER_LOG_LEVEL", "Debug",
                    "CLAVIGER_LOG_FORMAT", "JSON",
                    "CLAVIGER_LOG_CALLS", "100"))
            .log();
    assertThat(log)
        .isEqualTo(new LogSettings(LogSettings.LogLevel.DEBUG, LogSettings.LogFormat.JSON, 100));
    assertThat(Faults.of("CLAVIGER_LOG_FORMAT", "xml"))
        .containsExactly("CLAVIGER_LOG_FORMAT must be one of text, json");
    assertThat(Faults.of("CLAVIGER_LOG_LEVEL", "loud"))
        .containsExactly("CLAVIGER_LOG_LEVEL must be one of trace, debug, info, warn, error");
  }

  @Test
  void allowed_private_hosts_are_listed_as_written() {
    Settings settings =
        Settings.from(Map.of("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:11434, 10.1.0.0/16,"));
    assertThat(settings.gateway().allowedPrivateHosts())
        .containsExactly("127.0.0.1:11434", "10.1.0.0/16");
  }

  @Test
  void allowed_origins_are_exact() {
    assertThat(Settings.from(Map.of()).gateway().allowedOrigins().origins()).isEmpty();
    assertThat(
            Settings.from(Map.of("CLAVIGER_GATEWAY_ALLOWED_ORIGINS", "https://a.test, app://b"))
                .gateway()
                .allowedOrigins()
                .origins())
        .containsExactlyInAnyOrder("https://a.test", "app://b");
    assertThat(Faults.of("CLAVIGER_GATEWAY_ALLOWED_ORIGINS", "https://a.test:65535")).isEmpty();
    for (String port : List.of("65536", "99999")) {
      assertThat(Faults.of("CLAVIGER_GATEWAY_ALLOWED_ORIGINS", "https://a.test:" + port))
          .hasSize(1);
    }
    assertThat(Faults.of("CLAVIGER_GATEWAY_ALLOWED_ORIGINS", "https://*.test"))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_GATEWAY_ALLOWED_ORIGINS: https://*.test is not an origin");
  }

  @Test
  void the_largest_body_is_counted_in_bytes() {
    assertThat(Settings.from(Map.of("CLAVIGER_GATEWAY_MAX_BODY", "9")).gateway().bodySizes().most())
        .isEqualTo(9);
    assertThat(Faults.of("CLAVIGER_GATEWAY_MAX_BODY", "64MiB")).hasSize(1);
    assertThat(
            Settings.from(Map.of("CLAVIGER_GATEWAY_MAX_UPLOAD", "9"))
                .gateway()
                .bodySizes()
                .mostUploaded())
        .isEqualTo(9);
    assertThat(Faults.of("CLAVIGER_GATEWAY_MAX_BODY", "0")).hasSize(1);
  }

  @Test
  void trusted_proxies_are_addresses_and_nets_of_either_family() throws UnknownHostException {
    AddressNets trusted =
        Settings.from(Map.of("CLAVIGER_TRUSTED_PROXIES", "10.1.0.0/16, 10.0.0.1, ::1"))
            .trustedProxies();
    assertThat(trusted.contains(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}))).isTrue();
    assertThat(trusted.contains(InetAddress.getByAddress(new byte[] {10, 1, 9, 9}))).isTrue();
    assertThat(trusted.contains(InetAddress.getByAddress(new byte[] {10, 0, 0, 2}))).isFalse();
    assertThat(trusted.contains(InetAddress.getByAddress(LOOPBACK_6))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "0.0.0.0/0", "::/0", "999.1.1.1", "1.2.3", "cafe", "::g"})
  void a_proxy_that_is_neither_address_nor_net_is_refused_without_a_look_up(String proxy) {
    assertThat(Faults.of("CLAVIGER_TRUSTED_PROXIES", proxy))
        .containsExactly(
            "CLAVIGER_TRUSTED_PROXIES must be addresses or nets such as 10.1.0.0/16, separated by"
                + " commas: no names, and not all addresses");
  }

  @Test
  void a_header_with_certificates_needs_trusted_proxies() {
    Settings settings =
        Settings.from(
            Map.of(
                "CLAVIGER_TRUSTED_PROXIES",
                "10.1.0.9",
                "CLAVIGER_CLIENT_CERT_HEADER",
                "Client-Cert"));

    assertThat(settings.certificateHeader()).contains("Client-Cert");
    assertThat(Faults.of("CLAVIGER_CLIENT_CERT_HEADER", "Client-Cert"))
        .containsExactly(
            "CLAVIGER_CLIENT_CERT_HEADER needs CLAVIGER_TRUSTED_PROXIES: only these may name"
                + " certificates");
    assertThat(Faults.of("CLAVIGER_CLIENT_CERT_HEADER", "Client Cert"))
        .containsExactly(
            "CLAVIGER_CLIENT_CERT_HEADER must be the name of a header, such as Client-Cert");
  }

  @Test
  void a_certificate_and_its_key_are_given_together_and_change_the_urls() {
    ListenerSettings listeners =
        Settings.from(Map.of("CLAVIGER_TLS_CERT", "tls.crt", "CLAVIGER_TLS_KEY", "tls.key"))
            .listeners();

    assertThat(listeners.url(8080)).hasToString("https://127.0.0.1:8080");
    assertThat(Faults.of("CLAVIGER_TLS_CERT", "tls.crt"))
        .containsExactly("CLAVIGER_TLS_KEY is needed with CLAVIGER_TLS_CERT");
    assertThat(Faults.of("CLAVIGER_TLS_KEY", "tls.key"))
        .containsExactly("CLAVIGER_TLS_CERT is needed with CLAVIGER_TLS_KEY");
    assertThat(Faults.of("CLAVIGER_TLS_CLIENT_CA", "ca.crt"))
        .containsExactly("CLAVIGER_TLS_CLIENT_CA needs CLAVIGER_TLS_CERT and CLAVIGER_TLS_KEY");
  }

  /** OpenTelemetry's own messages about such headers repeat them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer hunter2",
        "Authorization: Bearer hunter2=",
        "authorization=Bearer%20%zzhunter2",
        "authorization=Bearer%0ahunter2",
        "authorization=",
        "=hunter2"
      })
  void headers_for_a_collector_that_can_not_be_sent_are_refused_and_not_repeated(String headers) {
    for (String name : List.of("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")) {
      assertThat(Faults.of(name, headers))
          .singleElement()
          .asString()
          .startsWith(name + " must be headers")
          .doesNotContain("hunter2");
    }
    assertThat(
            Faults.of(
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20a+b/c==, x-scope-orgid=1"))
        .isEmpty();
  }

  @Test
  void bits_beyond_a_prefix_are_refused_in_each_setting() {
    String why =
        "10.1.2.3/8 has bits beyond its prefix: write 10.0.0.0/8 for the net, or 10.1.2.3 for the"
            + " address";
    assertThat(Faults.of("CLAVIGER_TRUSTED_PROXIES", "10.1.2.3/8"))
        .containsExactly("CLAVIGER_TRUSTED_PROXIES is not understood: " + why);
    assertThatThrownBy(
            () ->
                Settings.forServing(
                    Map.of("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1, 10.1.2.3/8")))
        .isInstanceOfSatisfying(
            StartRefused.class,
            refused ->
                assertThat(refused.lines())
                    .containsExactly("CLAVIGER_ALLOWED_PRIVATE_HOSTS: " + why));
  }

  @Test
  void a_data_directory_that_is_no_path_is_refused() {
    assertThat(Faults.of("CLAVIGER_DATA_DIR", "a\0b"))
        .containsExactly("CLAVIGER_DATA_DIR is not a path");
  }

  @Test
  void the_identity_of_the_machine_is_switched_on_for_each_cloud() {
    Map<String, String> variables = new HashMap<>();
    variables.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/node");
    variables.put("AWS_SECRET_ACCESS_KEY", "never read");
    assertThat(Settings.from(variables).ambient())
        .isEqualTo(new AmbientSettings(Set.of(), Map.of()));
    variables.put("CLAVIGER_AMBIENT", "aws, azure");
    AmbientSettings ambient = Settings.from(variables).ambient();
    assertThat(ambient.clouds()).containsExactlyInAnyOrder(Cloud.AWS, Cloud.AZURE);
    assertThat(ambient.variables()).containsOnlyKeys("AWS_ROLE_ARN");
    variables.put("CLAVIGER_AMBIENT", "aws,alibaba");
    assertThatThrownBy(() -> Settings.from(variables))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("CLAVIGER_AMBIENT may name aws, google, azure");
  }
}
