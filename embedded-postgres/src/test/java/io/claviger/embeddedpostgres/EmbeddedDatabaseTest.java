package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.testkit.OtherJvm;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
@Tag("journey")
class EmbeddedDatabaseTest {
  private static final int LONGER_THAN_FIVE_ATTEMPTS_SECONDS = 4;

  @TempDir private Path directory = Path.of("");
  private DataDirectory data = DataDirectory.open(Path.of("target"));

  @BeforeEach
  void open() {
    Path place = directory.resolve("with space");
    SharedServerPrograms.lendStartedTo(
        place, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    data = DataDirectory.open(place);
  }

  @AfterEach
  void nothing_is_left_running() throws IOException {
    // If a test has left a server running, this call takes the server over and stops it.
    EmbeddedDatabase.toJoin(data).close();
    assertThat(server()).isEmpty();
    SharedServerPrograms.takeFrom(data.path());
  }

  @Test
  void what_was_stored_is_there_after_a_restart() throws Exception {
    withoutCluster();
    assertThat(EmbeddedDatabase.existsIn(data)).isFalse();
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      Sql.execute(database, "create table t as select 42 as answer");
    }
    assertThat(server()).isEmpty();
    assertThat(EmbeddedDatabase.existsIn(data)).isTrue();
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(Sql.query(database, "select answer::text from t")).isEqualTo("42");
    }
  }

  @Test
  void a_close_that_failed_can_be_repeated() throws Exception {
    EmbeddedDatabase database = EmbeddedDatabase.toServe(data);
    Path users = ServerFiles.in(data).users();
    Path away = users.resolveSibling("away");
    Path unused = Files.move(users, away);
    unused = Files.createFile(users);
    assertThatThrownBy(database::close).isInstanceOf(StartRefused.class);
    assertThat(server()).isPresent();
    Files.delete(users);
    unused = Files.move(away, users);
    database.close();
    assertThat(server()).isEmpty();
    EmbeddedDatabase.toServe(data).close();
    database.close();
  }

  @Test
  void a_second_server_in_another_process_is_refused_too() throws Exception {
    try (OtherJvm other = other("serve")) {
      other.line();
      assertThatThrownBy(() -> EmbeddedDatabase.toServe(data))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("serves from");
    }
  }

  @Test
  void a_command_joins_the_server_and_leaves_it_running() throws Exception {
    try (OtherJvm serving = other("serve")) {
      String place = serving.line();
      try (EmbeddedDatabase joined = EmbeddedDatabase.toJoin(data)) {
        assertThat(joined.address().place()).isEqualTo(place);
        assertThat(Sql.query(joined, "select 'in'")).isEqualTo("in");
      }
      assertThat(server()).isPresent();
      serving.goOn();
      assertThat(serving.exitCode()).isZero();
      assertThat(server()).isEmpty();
    }
  }

  @Tag("thorough")
  @Test
  void a_command_that_came_first_leaves_the_server_to_who_came_later() throws Exception {
    EmbeddedDatabase command = EmbeddedDatabase.toJoin(data);
    try (EmbeddedDatabase serving = EmbeddedDatabase.toServe(data)) {
      command.close();
      assertThat(Sql.query(serving, "select 'still'")).isEqualTo("still");
    }
    assertThat(server()).isEmpty();
  }

  @Test
  void the_server_of_a_killed_process_is_taken_over_with_its_data() throws Exception {
    String place;
    try (OtherJvm killed = other("serve")) {
      place = killed.line();
      try (EmbeddedDatabase database = EmbeddedDatabase.toJoin(data)) {
        Sql.execute(database, "create table t as select 42 as answer");
      }
      killed.kill();
    }
    assertThat(server()).isPresent();
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(database.address().place()).isEqualTo(place);
      assertThat(Sql.query(database, "select answer::text from t")).isEqualTo("42");
    }
    assertThat(server()).isEmpty();
  }

  @Tag("thorough")
  @Test
  void a_server_that_was_killed_itself_starts_again_with_its_data() throws Exception {
    List<ProcessHandle> slow;
    try (OtherJvm killed = other("serve")) {
      killed.line();
      try (EmbeddedDatabase database = EmbeddedDatabase.toJoin(data)) {
        Sql.execute(database, "create table t as select 42 as answer");
      }
      killed.kill();
      ProcessHandle server = ProcessHandle.of(server().orElseThrow().pid()).orElseThrow();
      slow = server.descendants().toList();
      signal("STOP", slow);
      boolean unused = server.destroyForcibly();
    }
    // No new server can start in this directory before the old server's last process has ended.
    CompletableFuture<Void> goingOn =
        CompletableFuture.runAsync(
            () -> signal("CONT", slow),
            CompletableFuture.delayedExecutor(LONGER_THAN_FIVE_ATTEMPTS_SECONDS, TimeUnit.SECONDS));
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(Sql.query(database, "select answer::text from t")).isEqualTo("42");
      assertThat(goingOn).isCompleted();
    } finally {
      signal("CONT", slow);
    }
  }

  @Test
  void who_uses_a_server_learns_of_its_death() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(database.ended()).isNotDone();
      ProcessHandle server = ProcessHandle.of(server().orElseThrow().pid()).orElseThrow();
      boolean unused = server.destroyForcibly();
      assertThat(database.ended()).succeedsWithin(Duration.ofSeconds(30));
    }
    EmbeddedDatabase database = EmbeddedDatabase.toServe(data);
    database.close();
    assertThat(database.ended()).isNotDone();
  }

  @Tag("thorough")
  @Test
  @Timeout(120)
  void a_server_to_throw_away_ends_with_its_killed_process_and_its_directory_too()
      throws Exception {
    Path place = directory.resolve("throwaway");
    SharedServerPrograms.lendStartedTo(
        place, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    List<ProcessHandle> others = new ArrayList<>();
    try (OtherJvm killed = new OtherJvm(DatabaseUser.class, "throwaway", place.toString())) {
      killed.line();
      others.add(
          ProcessHandle.of(
                  PostgresProcess.running(ServerFiles.in(DataDirectory.open(place)))
                      .orElseThrow()
                      .pid())
              .orElseThrow());
      killed.children().forEach(others::add);
      killed.kill();
    }
    for (ProcessHandle each : others) {
      ProcessHandle unused = each.onExit().get(60, TimeUnit.SECONDS);
    }
    assertThat(place).doesNotExist();
  }

  @Test
  void a_guard_that_was_closed_leaves_the_directory() throws Exception {
    try (OtherJvm other = other("throwaway")) {
      other.line();
      other.goOn();
      assertThat(other.exitCode()).isZero();
    }
    assertThat(server()).isEmpty();
    assertThat(EmbeddedDatabase.existsIn(data)).isTrue();
  }

  @Test
  void a_process_id_that_went_to_somebody_else_is_not_taken_for_the_server() throws Exception {
    Path file = data.path().resolve("postgres/cluster/postmaster.pid");
    Files.writeString(
        file,
        "%d\n%s\n1\n5432\n\n127.0.0.1\n1 1\nready\n"
            .formatted(ProcessHandle.current().pid(), file.getParent()));
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(Sql.query(database, "select 'up'")).isEqualTo("up");
    }
  }

  @Test
  void a_lost_password_file_is_replaced() throws Exception {
    Files.delete(data.path().resolve("postgres/password"));
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(Sql.query(database, "select 'in'")).isEqualTo("in");
    }
  }

  @Test
  void a_cluster_that_was_not_finished_is_made_anew() throws Exception {
    withoutCluster();
    Path unfinished = data.directory("postgres").resolve("cluster-unfinished");
    Files.createDirectory(unfinished);
    Files.writeString(unfinished.resolve("PG_VERSION"), "18\n");
    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(Sql.query(database, "select 'in'")).isEqualTo("in");
    }
  }

  /**
   * Deletes the cluster and the password, so that the directory looks as before the first start.
   */
  private void withoutCluster() throws IOException {
    Directories.delete(ServerFiles.in(data).cluster());
    Files.delete(data.path().resolve("postgres/password"));
  }

  private OtherJvm other(String role) throws IOException {
    return new OtherJvm(DatabaseUser.class, role, data.path().toString());
  }

  /** Sends a signal to those processes that are still running. */
  private static void signal(String name, List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      try {
        int ended = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        assertThat(ended).isBetween(0, 1);
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Optional<PostmasterFile> server() throws IOException {
    return PostgresProcess.running(ServerFiles.in(data));
  }
}
