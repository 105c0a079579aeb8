package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFinderTest {
  private static final String KEY = "sk-canary-0123456789";

  @TempDir private Path elsewhere;
  private Path directory;
  private SecretFinder finder;

  @BeforeEach
  void lay() throws Exception {
    directory = Files.createDirectory(elsewhere.resolve("here"));
    Files.writeString(elsewhere.resolve("outside"), KEY);
    Files.createDirectory(directory.resolve("keys"));
    Files.writeString(directory.resolve("keys/inside"), KEY + "\n");
    Files.createSymbolicLink(directory.resolve("keys/link"), elsewhere.resolve("outside"));
    Files.createSymbolicLink(directory.resolve("keys/up"), elsewhere);
    Files.writeString(directory.resolve("keys/long"), "x".repeat(20_000));
    Files.writeString(directory.resolve("keys/other"), "canary \u00e9 0123456789");
    finder =
        new SecretFinder(
            Map.of("ALLOWED", KEY, "OTHER", KEY, "EMPTY", " "),
            Set.of("ALLOWED", "EMPTY", "UNSET"),
            directory);
  }

  @Test
  void a_key_is_found_in_an_allowed_variable_and_in_a_file_beside() throws Exception {
    assertThat(finder.key("api_key", new SecretReference.Env("ALLOWED"))).isEqualTo(KEY);
    assertThat(finder.key("api_key", new SecretReference.InFile("keys/inside"))).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "keys/../../outside",
        "keys/link",
        "keys/up/outside",
        "/etc/passwd",
        "keys",
        "keys/long",
        "keys/other",
        "keys/missing",
        "\0"
      })
  void no_other_file_is_read(String path) {
    assertThatThrownBy(() -> finder.key("api_key", new SecretReference.InFile(path)))
        .isInstanceOf(SecretFinder.NotFound.class)
        .message()
        .doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OTHER", "EMPTY", "UNSET", "PATH"})
  void no_other_variable_is_read(String name) {
    assertThatThrownBy(() -> finder.key("api_key", new SecretReference.Env(name)))
        .isInstanceOf(SecretFinder.NotFound.class)
        .hasMessageContaining(name)
        .message()
        .doesNotContain("canary");
  }
}
