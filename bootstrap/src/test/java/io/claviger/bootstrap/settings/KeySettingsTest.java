package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.host.Confidential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySettingsTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void encryption_keys_are_kept_as_they_are_written() {
    KeySettings keys = keys(Map.of("ENCRYPTION_KEY", "one,two"));
    assertThat(text(keys.encryptionKeys())).isEqualTo("one,two");
  }

  @Test
  void a_key_file_holds_one_key_a_line_and_white_space_at_line_ends_does_not_count()
      throws IOException {
    KeySettings keys = keys(Map.of("ENCRYPTION_KEY_FILE", file("one \t\r\n\ntwo\n")));
    assertThat(text(keys.encryptionKeys())).isEqualTo("one,two");
  }

  @Test
  void both_a_key_and_a_key_file_are_refused() throws IOException {
    assertThat(Faults.of(Map.of("ENCRYPTION_KEY", "one", "ENCRYPTION_KEY_FILE", file("two"))))
        .containsExactly("ENCRYPTION_KEY and ENCRYPTION_KEY_FILE are both set: leave one");
  }

  @Test
  void an_empty_key_is_refused_and_not_taken_for_none() throws IOException {
    assertThat(Faults.of("ENCRYPTION_KEY", ""))
        .containsExactly("ENCRYPTION_KEY is empty: unset it or give it a value");
    assertThat(Faults.of("ENCRYPTION_KEY_FILE", file("\n")))
        .containsExactly("ENCRYPTION_KEY_FILE names a file that is empty");
    assertThat(Faults.of("ENCRYPTION_KEY_FILE", ""))
        .containsExactly("ENCRYPTION_KEY_FILE is empty: unset it or name a file");
  }

  @Test
  void a_key_file_that_can_not_be_read_is_refused_without_repeating_its_path() {
    assertThat(Faults.of("ENCRYPTION_KEY_FILE", "/nowhere/hunter2"))
        .containsExactly("ENCRYPTION_KEY_FILE names a file that is not there or can't be read");
    assertThat(Faults.of("ENCRYPTION_KEY_FILE", directory.toString()))
        .containsExactly("ENCRYPTION_KEY_FILE names a directory, not a file");
    assertThat(Faults.of("ENCRYPTION_KEY_FILE", "\0"))
        .containsExactly("ENCRYPTION_KEY_FILE names a file that is not there or can't be read");
  }

  @Test
  void a_key_file_that_is_not_text_is_refused() throws IOException {
    Path file = Files.write(directory.resolve("k"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(Faults.of("ENCRYPTION_KEY_FILE", file.toString()))
        .containsExactly("ENCRYPTION_KEY_FILE names a file that is not UTF-8 text");
  }

  @Test
  void an_admin_token_has_32_to_4096_characters() {
    for (int length : List.of(31, 4_097)) {
      assertThat(Faults.of("CLAVIGER_ADMIN_TOKEN", "x".repeat(length)))
          .containsExactly("CLAVIGER_ADMIN_TOKEN must have from 32 to 4096 characters");
    }
    assertThat(Faults.of("CLAVIGER_ADMIN_TOKEN", "x".repeat(4_096))).isEmpty();
    assertThat(text(keys(Map.of("CLAVIGER_ADMIN_TOKEN", "!".repeat(32))).adminToken()))
        .isEqualTo("!".repeat(32));
  }

  @Test
  void an_admin_token_that_no_header_carries_is_refused() {
    assertThat(Faults.of("CLAVIGER_ADMIN_TOKEN", "x".repeat(32) + "\n"))
        .containsExactly(
            "CLAVIGER_ADMIN_TOKEN holds white space or characters that are not allowed in an HTTP header");
  }

  @Test
  void an_admin_token_is_read_from_a_file_without_the_end_of_its_line() throws IOException {
    KeySettings keys = keys(Map.of("CLAVIGER_ADMIN_TOKEN_FILE", file("!".repeat(32) + "\n")));
    assertThat(text(keys.adminToken())).isEqualTo("!".repeat(32));
  }

  @Test
  void an_empty_metrics_token_is_refused_and_not_taken_for_open_metrics() {
    assertThat(Faults.of("CLAVIGER_METRICS_TOKEN", ""))
        .containsExactly("CLAVIGER_METRICS_TOKEN is empty: unset it or give it a value");
  }

  @Test
  void a_metrics_token_has_at_most_4096_characters() {
    assertThat(Faults.of("CLAVIGER_METRICS_TOKEN", "x")).isEmpty();
    assertThat(Faults.of("CLAVIGER_METRICS_TOKEN", "x".repeat(4_096))).isEmpty();
    assertThat(Faults.of("CLAVIGER_METRICS_TOKEN", "x".repeat(4_097)))
        .containsExactly("CLAVIGER_METRICS_TOKEN must have from 1 to 4096 characters");
  }

  @Test
  void deployment_keys_are_collected_by_provider_from_variables_and_files() throws IOException {
    KeySettings keys =
        keys(
            Map.of(
                "CLAVIGER_DEPLOYMENT_KEY_OPENAI_COMPAT",
                "sk-1",
                "CLAVIGER_DEPLOYMENT_KEY_COHERE_FILE",
                file("sk-2\n")));
    assertThat(keys.deployment()).containsOnlyKeys("openai-compat", "cohere");
    assertThat(text(Optional.ofNullable(keys.deployment().get("cohere")))).isEqualTo("sk-2");
  }

  @Test
  void a_deployment_key_given_twice_or_empty_or_for_nobody_is_refused() throws IOException {
    assertThat(
            Faults.of(
                Map.of(
                    "CLAVIGER_DEPLOYMENT_KEY_X", "a",
                    "CLAVIGER_DEPLOYMENT_KEY_X_FILE", file("b"),
                    "CLAVIGER_DEPLOYMENT_KEY_Y", "",
                    "CLAVIGER_DEPLOYMENT_KEY_", "c",
                    "CLAVIGER_DEPLOYMENT_KEY__FILE", "d")))
        .containsExactlyInAnyOrder(
            "CLAVIGER_DEPLOYMENT_KEY_X and CLAVIGER_DEPLOYMENT_KEY_X_FILE are both set: leave one",
            "CLAVIGER_DEPLOYMENT_KEY_Y is empty: unset it or give it a value",
            "CLAVIGER_DEPLOYMENT_KEY_ must end in a provider's name in upper case, with _ for -",
            "CLAVIGER_DEPLOYMENT_KEY__FILE must end in a provider's name in upper case, with _ for"
                + " -");
  }

  @Test
  void vault_is_reached_in_the_clear_on_this_machine_only() {
    for (String safe :
        List.of(
            "https://vault.example.org:8200",
            "HTTPS://vault.example.org/behind/a/proxy/",
            "http://localhost:8200",
            "http://127.0.0.1:8200",
            "http://[::1]:8200")) {
      assertThat(Faults.of("VAULT_ADDR", safe)).as(safe).isEmpty();
    }
    for (String other :
        List.of(
            "http://vault.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost@vault.example.org",
            "https://hunter2@vault.example.org",
            "https://vault.example.org/?token=hunter2",
            "https://",
            "vault.example.org",
            "https://vault.example.org:0",
            "https://vault.example.org:99999",
            "file:///etc/passwd",
            "not a URL")) {
      assertThat(Faults.of("VAULT_ADDR", other))
          .as(other)
          .containsExactly(
              "VAULT_ADDR must be an https URL such as https://vault.example.org:8200; http on this"
                  + " machine");
    }
  }

  @Test
  void files_for_wrapped_keys_are_read_at_once_and_faults_do_not_repeat_them() throws IOException {
    WrappingSettings wrapping =
        keys(Map.of("CLAVIGER_PKCS11_PIN_FILE", file("4711\n"), "CLAVIGER_KEY_WAIT", "5"))
            .wrapping();
    assertThat(text(wrapping.pin())).isEqualTo("4711");
    assertThat(wrapping.patience()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Faults.of(Map.of("CLAVIGER_PKCS11_PIN_FILE", "/no/4711", "CLAVIGER_KEY_WAIT", "-1")))
        .containsExactlyInAnyOrder(
            "CLAVIGER_PKCS11_PIN_FILE names a file that is not there or can't be read",
            "CLAVIGER_KEY_WAIT must be a whole number from 0 to 3600");
    assertThat(Faults.of("VAULT_TOKEN_FILE", file(" ")))
        .containsExactly("VAULT_TOKEN_FILE names a file that is empty");
  }

  @Test
  void no_text_of_settings_shows_a_secret() {
    Settings settings =
        Settings.from(
            Map.of(
                "ENCRYPTION_KEY",
                "hunter2".repeat(6),
                "CLAVIGER_ADMIN_TOKEN",
                "hunter2".repeat(6),
                "CLAVIGER_METRICS_TOKEN",
                "hunter2",
                "CLAVIGER_DEPLOYMENT_KEY_OPENAI",
                "hunter2"));
    assertThat(settings.toString()).doesNotContain("hunter2");
  }

  private String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "key", ""), content).toString();
  }

  private static KeySettings keys(Map<String, String> environment) {
    return Settings.from(environment).keys();
  }

  private static String text(Optional<Confidential> secret) {
    return secret.orElseThrow().lend(String::new);
  }
}
