package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.RunningServer;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.testkit.OtherJvm;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EndingBySignalTest {

  /**
   * Without this line, the log would not show why a node ended that somebody stopped by mistake.
   */
  @Test
  void sigterm_is_in_the_log_stops_the_server_and_is_exit_code_0() throws Exception {
    try (OtherJvm program = new OtherJvm(Start.class, "well", "heard")) {
      assertThat(program.line()).isEqualTo("claviger is ready on http://a, gateway on http://g");
      program.terminate();
      assertThat(program.line()).endsWith("asks the process to end: stopping");
      assertThat(program.line()).isEqualTo("stopping within PT30S");
      assertThat(program.line()).endsWith(" stopped");
      assertThat(program.line()).endsWith(" the process ends with exit code 0");
      assertThat(program.exitCode()).isZero();
    }
  }

  @Test
  void a_server_that_ends_badly_is_not_said_to_have_stopped_and_is_exit_code_1() throws Exception {
    try (OtherJvm program = new OtherJvm(Start.class, "badly", "heard")) {
      assertThat(program.line()).startsWith("claviger is ready");
      program.terminate();
      String line = program.line();
      while (!line.contains("exit code")) {
        assertThat(line).doesNotContain("stopped");
        line = program.line();
      }
      assertThat(line).endsWith(" the process ends with exit code 1").doesNotContain("stopped");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_cant_go_on_is_stopped_and_is_exit_code_1() throws Exception {
    try (OtherJvm program = new OtherJvm(Start.class, "well", "soon")) {
      program.line();
      assertThat(program.line()).isEqualTo("stopping within PT0S");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }

  /**
   * The program with a server that does nothing but end, well or badly, perhaps by itself. If it is
   * to be heard, its log goes to standard output.
   */
  static final class Start {
    private Start() {}

    public static void main(String[] arguments) {
      boolean endsWell = arguments[0].equals("well");
      List<String> wishes = List.of(arguments);
      boolean endsSoon = wishes.contains("soon");
      if (wishes.contains("heard")) {
        System.setErr(System.out);
      }
      RunningServer serving =
          new RunningServer() {
            @Override
            public URI api() {
              return URI.create("http://a");
            }

            @Override
            public URI gateway() {
              return URI.create("http://g");
            }

            @Override
            public CompletableFuture<String> failure() {
              return endsSoon
                  ? CompletableFuture.completedFuture("a part has ended")
                  : RunningServer.super.failure();
            }

            @Override
            public void stop(Duration grace) {
              System.out.println("stopping within " + grace);
              if (!endsWell) {
                throw new IllegalStateException("ends badly");
              }
            }
          };
      Programs programs = NoKeys.programs(settings -> serving, (environment, out) -> serving);
      System.exit(ClavigerCommandLine.of(programs, GivenVariables.of(Map.of())).execute("serve"));
    }
  }
}
