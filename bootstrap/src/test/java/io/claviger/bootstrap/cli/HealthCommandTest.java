package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.LocalHttp;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HealthCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void a_ready_node_is_healthy() {
    assertThat(health(200)).isEqualTo(ExitCode.DONE);
    assertThat(out).hasToString("ready\n");
  }

  @Test
  void a_node_that_is_not_ready_is_not_healthy() {
    assertThat(health(503)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).endsWith("/health/ready answers 503\n");
  }

  @Test
  void a_port_that_nobody_listens_on_is_not_healthy() {
    LocalHttp closed = answering(200);
    int port = closed.port();
    closed.close();
    assertThat(health(port, "[::1]")).isEqualTo(ExitCode.FAILED);
    assertThat(err)
        .hasToString("claviger: no answer from http://[::1]:" + port + "/health/ready\n");
  }

  /** A node whose database does not answer can take five seconds to say that it is not ready. */
  @Test
  void a_node_whose_database_does_not_answer_has_time_to_say_so() {
    assertThat(HealthCommand.PATIENCE).isGreaterThan(Duration.ofSeconds(5));
  }

  private int health(int status) {
    try (LocalHttp server = answering(status)) {
      return health(server.port(), "127.0.0.1");
    }
  }

  private int health(int port, String host) {
    CommandLine line =
        new CommandLine(
            new HealthCommand(
                Map.of("CLAVIGER_HOST", host, "CLAVIGER_PORT", Integer.toString(port))));
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute();
  }

  private static LocalHttp answering(int status) {
    LocalHttp server = new LocalHttp();
    server.serve(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    return server;
  }
}
