package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that must be found before the schema is upgraded. */
class AuditPushSettingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      })
  void a_file_of_authorities_without_certificates_is_a_fault(
      String content, @TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("ca.pem"), content);

    assertThat(
            Faults.of(
                Map.of(
                    "CLAVIGER_AUDIT_PUSH",
                    "https://audit.example.org/",
                    "CLAVIGER_AUDIT_PUSH_CACERT",
                    file.toString(),
                    "VAULT_CACERT",
                    file.toString())))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("VAULT_CACERT names a file"),
            line -> assertThat(line).startsWith("CLAVIGER_AUDIT_PUSH_CACERT names a file"));
  }
}
