package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.node.RunningServer;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.DataDirectory;
import io.claviger.testkit.OtherJvm;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signal that comes before the start is complete. */
@Order(1)
@Tag("journey")
class SignalDuringStartTest {
  @TempDir private Path directory = Path.of("");

  @Tag("thorough")
  @Test
  void serve_leaves_no_database_server_and_no_registered_node() throws Exception {
    SharedServerPrograms.lendTo(
        directory.resolve("data"),
        first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    assertThat(exitCodeAfterSignalIn("serve")).isZero();

    assertThat(named("postmaster.pid")).isEmpty();
    Settings settings =
        Settings.from(Map.of("CLAVIGER_DATA_DIR", directory.resolve("data").toString()));
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      assertThat(registeredNodes(database)).isZero();
    }
    SharedServerPrograms.takeFrom(directory.resolve("data"));
  }

  @Tag("thorough")
  @Test
  void the_demo_leaves_no_database_server_and_no_files() throws Exception {
    assertThat(exitCodeAfterSignalIn("demo")).isZero();

    assertThat(named("postmaster.pid")).isEmpty();
    assertThat(named("claviger-demo-")).isEmpty();
  }

  private int exitCodeAfterSignalIn(String command) throws IOException, InterruptedException {
    try (OtherJvm program =
        new OtherJvm(
            directory, InterruptedStart.class, command, directory.resolve("data").toString())) {
      String line = program.line();
      while (!line.equals("in the middle of the start")) {
        line = program.line();
      }
      program.terminate();
      return program.exitCode();
    }
  }

  private List<Path> named(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> String.valueOf(f.getFileName()).startsWith(prefix)).toList();
    }
  }

  private static int registeredNodes(ConnectedDatabase database) throws SQLException {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from nodes")) {
      boolean unused = rows.next();
      return rows.getInt(1);
    }
  }

  /** The program with a start that is not complete before a signal comes. */
  static final class InterruptedStart {
    private InterruptedStart() {}

    /** Takes the command and the data directory. */
    public static void main(String[] arguments) {
      CountDownLatch signal = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(signal::countDown));
      Programs programs =
          NoKeys.programs(
              settings -> until(signal, Node.start(settings)),
              (environment, out) -> until(signal, DemoCommand.start(environment, out)));
      Map<String, String> environment =
          Map.of(
              "CLAVIGER_DATA_DIR",
              arguments[1],
              "CLAVIGER_PORT",
              "0",
              "CLAVIGER_GATEWAY_PORT",
              "0");
      System.exit(
          ClavigerCommandLine.of(programs, GivenVariables.of(environment)).execute(arguments[0]));
    }

    private static RunningServer until(CountDownLatch signal, RunningServer started) {
      System.out.println("in the middle of the start");
      try {
        signal.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return started;
    }
  }
}
