package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.host.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenVariablesTest {
  @TempDir private Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private GivenVariables named(Path file) {
    return GivenVariables.read(
        Map.of("CLAVIGER_PORT", "1"), "serve", "--env-file", file.toString());
  }

  @Test
  void the_environment_wins_over_the_file_that_an_option_names() throws IOException {
    Path file =
        file(
            "mine.env",
            "# a comment\n\nCLAVIGER_PORT=2\r\n CLAVIGER_HOST=\"::1\" \nKEY='a=$B #c'\nEMPTY=\n");

    GivenVariables given = named(file);

    assertThat(given.values())
        .isEqualTo(
            Map.of("CLAVIGER_PORT", "1", "CLAVIGER_HOST", "::1", "KEY", "a=$B #c", "EMPTY", ""));
    assertThat(given.file()).contains(file);
    assertThat(GivenVariables.read(Map.of(), "serve", "--env-file=" + file).values())
        .containsEntry("CLAVIGER_PORT", "2");
  }

  /** The start script reads this variable before the file is read. */
  @Test
  void a_size_of_the_heap_in_a_file_has_no_effect_and_is_warned_of() throws IOException {
    Path file = file("mine.env", "CLAVIGER_HEAP=2g\n");

    assertThat(UnknownVariables.in(named(file)))
        .singleElement()
        .asString()
        .startsWith("CLAVIGER_HEAP has no effect in a file of variables");
    assertThat(
            UnknownVariables.in(
                GivenVariables.read(Map.of("CLAVIGER_HEAP", "1g"), "serve", "--env-file=" + file)))
        .isEmpty();
    assertThat(UnknownVariables.in(GivenVariables.of(Map.of("CLAVIGER_HEAP", "1g")))).isEmpty();
  }

  @Test
  void a_file_in_the_data_directory_is_read_if_only_its_owner_may_read_it() throws IOException {
    Map<String, String> environment = Map.of("CLAVIGER_DATA_DIR", directory.toString());
    assertThat(GivenVariables.read(environment, "serve").values()).isEqualTo(environment);
    Path file = file("claviger.env", "CLAVIGER_PORT=2\n");

    assertThat(GivenVariables.read(environment, "serve").values())
        .containsEntry("CLAVIGER_PORT", "2");
    assertThat(GivenVariables.read(Map.of("CLAVIGER_DATA_DIR", " " + directory + " ")).values())
        .as("white space around a setting has no meaning")
        .containsEntry("CLAVIGER_PORT", "2");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> GivenVariables.read(environment, "serve"))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("0600");
  }

  /**
   * If the link were ignored, a node would start with the defaults, and so with an empty database
   * of its own.
   */
  @Test
  void a_link_in_the_data_directory_that_leads_nowhere_is_refused() throws IOException {
    Path link =
        Files.createSymbolicLink(
            directory.resolve("claviger.env"), directory.resolve("not-mounted/claviger.env"));

    assertThatThrownBy(
            () -> GivenVariables.read(Map.of("CLAVIGER_DATA_DIR", directory.toString()), "serve"))
        .isInstanceOf(StartRefused.class)
        .hasMessage(link + " can't be read: the link leads to no file.");
  }

  @Test
  void a_directory_instead_of_a_file_is_named() {
    assertThatThrownBy(
            () -> GivenVariables.read(Map.of(), "serve", "--env-file", directory.toString()))
        .isInstanceOf(StartRefused.class)
        .hasMessage(directory + " can't be read: it is a directory.");
  }

  @Test
  void a_file_in_the_data_directory_can_not_move_that() throws IOException {
    Path unused = file("claviger.env", "CLAVIGER_DATA_DIR=/elsewhere\n");
    assertThatThrownBy(
            () -> GivenVariables.read(Map.of("CLAVIGER_DATA_DIR", directory.toString()), "serve"))
        .isInstanceOf(StartRefused.class);
  }

  @Test
  void the_file_of_an_import_is_one_of_the_other_system() throws IOException {
    Path file = file("litellm.env", "DATABASE_URL=postgres://theirs\n");
    assertThat(
            GivenVariables.read(
                    Map.of("CLAVIGER_DATA_DIR", directory.toString()),
                    "import",
                    "litellm",
                    "--env-file",
                    file.toString())
                .values())
        .doesNotContainKey("DATABASE_URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hunter2", "A=1\nA=hunter2", "export A=hunter2", "A =hunter2", "A=\0hunter2"})
  void a_line_that_is_not_understood_is_named_by_its_number(String text) throws IOException {
    Path file = file("bad.env", text);
    assertThatThrownBy(() -> named(file))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("Line ")
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void a_file_that_is_absent_too_large_or_no_text_is_refused() throws IOException {
    Path binary = directory.resolve("binary.env");
    Files.write(binary, "KEY=\u00e4".getBytes(StandardCharsets.ISO_8859_1));
    Path large = file("large.env", "#".repeat(1_100_000));
    for (Path file : new Path[] {directory.resolve("absent.env"), directory, binary, large}) {
      assertThatThrownBy(() -> named(file)).isInstanceOf(StartRefused.class);
    }
  }
}
