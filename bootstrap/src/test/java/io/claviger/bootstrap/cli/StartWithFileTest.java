package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.settings.GivenVariables;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file of variables a start reads, in a working directory that has several. */
class StartWithFileTest {
  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    Path unused = Files.writeString(directory.resolve(".env"), "CLAVIGER_PORT=7777\n");
    Path unusedToo = Files.writeString(directory.resolve("mine.env"), "CLAVIGER_PORT=7070\n");
  }

  @Test
  void the_start_names_the_file_that_an_option_names() throws IOException {
    assertThat(started("serve", "--env-file", "mine.env"))
        .contains(
            "variables of " + directory.toRealPath().resolve("mine.env") + " were read",
            "claviger is ready on http://127.0.0.1:7070");
  }

  @Test
  void an_env_file_of_the_working_directory_is_not_read() throws IOException {
    assertThat(started("serve"))
        .contains("claviger is ready on http://127.0.0.1:8080")
        .doesNotContain("7777", ".env", "were read");
  }

  private String started(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Start.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toRealPath().toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The program as {@code Main} starts it, with a server that does not serve. */
  static final class Start {
    private Start() {}

    public static void main(String[] arguments) {
      Programs programs =
          NoKeys.programs(
              settings -> PretendedServer.at(settings.listeners().url(settings.listeners().port())),
              (environment, out) -> PretendedServer.at(URI.create("http://demo")));
      System.exit(
          ClavigerCommandLine.of(
                  programs,
                  GivenVariables.read(Map.of(), arguments),
                  PretendedServer.AT_ONCE,
                  arguments)
              .execute(arguments));
    }
  }
}
