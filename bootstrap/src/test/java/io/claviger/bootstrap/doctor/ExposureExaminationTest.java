package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.bootstrap.cli.DoctorCommand;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.TlsSettings;
import io.claviger.host.FileOwner;
import io.claviger.testkit.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExposureExaminationTest {
  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({"rw-------, ok", "r--------, ok", "rw-r-----, warn", "rw-r--r--, warn"})
  void a_key_file_that_others_can_read_is_a_warning(String modes, String level) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "a-key-of-the-test-0123456789abcdef");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
    Settings settings = Settings.from(Map.of("ENCRYPTION_KEY_FILE", file.toString()));

    assertThat(shown(settings))
        .singleElement()
        .asString()
        .startsWith(level)
        .contains("the file of ENCRYPTION_KEY_FILE")
        .doesNotContain(directory.toString());
  }

  private static List<String> shown(Settings settings) {
    List<String> shown = new ArrayList<>();
    ExposureExamination.examineSecretFiles(
        settings.secretFiles(), finding -> shown.add(DoctorCommand.line(finding)));
    return shown;
  }

  /** With Kubernetes and systemd, a process reads root's secrets with the rights of a group. */
  @ParameterizedTest
  @CsvSource({"r--r-----, ok", "r--r--r--, warn", "r--rw----, warn", "r--r-x---, warn"})
  void a_key_file_of_another_user_may_be_readable_for_its_group(String modes, String level)
      throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "a-key-of-the-test-0123456789abcdef");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
    List<String> shown = new ArrayList<>();

    ExposureExamination.examineSecretFiles(
        Map.of("ENCRYPTION_KEY_FILE", file),
        new FileOwner(FileOwner.uidOf(file) + 1),
        finding -> shown.add(DoctorCommand.line(finding)));

    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith(level)
        // The process could no longer read a file of mode 600 that belongs to somebody else.
        .doesNotContain("600");
  }

  @Test
  void a_file_of_variables_that_others_can_read_is_a_warning() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("claviger.variables"),
            "ENCRYPTION_KEY=a-key-of-the-test-0123456789abcdef");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Settings settings =
        Settings.from(
            GivenVariables.read(Map.of(), "doctor", GivenVariables.OPTION, file.toString()));

    assertThat(shown(settings))
        .singleElement()
        .asString()
        .startsWith("warn")
        .contains("the file of --env-file is open to other users")
        .doesNotContain(directory.toString());
  }

  /** The key of TLS is a secret, and certificates of authorities are not. */
  @Test
  void the_key_of_tls_is_examined_and_certificates_of_authorities_are_not() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    String certificate = identity.certificateFile().toString();
    Settings settings =
        Settings.from(
            Map.of(
                "CLAVIGER_TLS_CERT",
                certificate,
                "CLAVIGER_TLS_KEY",
                identity.keyFile().toString(),
                "VAULT_CACERT",
                certificate,
                "CLAVIGER_AUDIT_PUSH",
                "https://audit.example.org/",
                "CLAVIGER_AUDIT_PUSH_CACERT",
                certificate));

    assertThat(settings.secretFiles()).containsOnlyKeys("CLAVIGER_TLS_KEY");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, '', OK",
    "localhost, '', OK",
    "::1, '', OK",
    "0.0.0.0, '', WARN",
    "::, '', WARN",
    "10.0.0.7, '', WARN",
    "keys.example.org, http://keys.example.org, WARN",
    "0.0.0.0, https://keys.example.org, OK"
  })
  void listeners_that_others_reach_in_clear_text_are_a_warning(
      String host, String url, Finding.Level level) {
    Settings settings = Settings.from(Map.of("CLAVIGER_HOST", host, "CLAVIGER_GATEWAY_URL", url));
    assertThat(ExposureExamination.listeners(settings.listeners()).level()).isEqualTo(level);
  }

  @Test
  void listeners_with_tls_may_be_reached_by_others() {
    Settings settings =
        Settings.from(
            Map.of("CLAVIGER_HOST", "0.0.0.0", "CLAVIGER_TLS_CERT", "c", "CLAVIGER_TLS_KEY", "k"));

    assertThat(ExposureExamination.listeners(settings.listeners()).level())
        .isEqualTo(Finding.Level.OK);
  }

  @Test
  void a_certificate_is_examined_for_its_end_and_its_key() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    X509Certificate certificate = (X509Certificate) identity.keys().getCertificate("trusted");
    Instant end = certificate.getNotAfter().toInstant();
    Instant beginning = certificate.getNotBefore().toInstant();
    TlsSettings fits =
        new TlsSettings(identity.certificateFile(), identity.keyFile(), Optional.empty());
    Path other = directory.resolve("other.key");
    KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    Files.writeString(
        other,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())));

    assertThat(examined(fits, end.minus(Duration.ofDays(15)))).isEqualTo(Finding.Level.OK);
    assertThat(examined(fits, end.minus(Duration.ofDays(13)))).isEqualTo(Finding.Level.WARN);
    assertThat(examined(fits, end)).isEqualTo(Finding.Level.FAIL);
    assertThat(examined(fits, beginning.minusSeconds(1))).isEqualTo(Finding.Level.FAIL);
    assertThat(
            examined(
                new TlsSettings(identity.certificateFile(), other, Optional.empty()), beginning))
        .isEqualTo(Finding.Level.FAIL);
  }

  @Test
  void an_expired_certificate_is_a_failure_even_if_an_intermediate_one_has_expired_too()
      throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    X509Certificate certificate = (X509Certificate) identity.keys().getCertificate("trusted");
    Path chain =
        Files.writeString(
            directory.resolve("chain.crt"), identity.certificate() + identity.certificate());

    assertThat(
            examined(
                new TlsSettings(chain, identity.keyFile(), Optional.empty()),
                certificate.getNotAfter().toInstant()))
        .isEqualTo(Finding.Level.FAIL);
  }

  private static Finding.Level examined(TlsSettings settings, Instant now) {
    List<Finding> findings = new ArrayList<>();
    ExposureExamination.examineTls(Optional.of(settings), now, findings::add);
    return findings.getFirst().level();
  }
}
