package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    List<String> shown = new ArrayList<>();

    ExposureExamination.examineSecretFiles(
        settings.secretFiles(), finding -> shown.add(finding.shown()));

    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith(level)
        .contains("the file of ENCRYPTION_KEY_FILE")
        .doesNotContain(directory.toString());
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
}
