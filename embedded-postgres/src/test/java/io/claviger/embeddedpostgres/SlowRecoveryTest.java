package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.host.DataDirectory;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a server whose recovery takes longer than {@code pg_ctl} waits. */
@Tag("journey")
class SlowRecoveryTest {
  @TempDir private Path directory = Path.of("");
  private DataDirectory data = DataDirectory.open(Path.of("target"));

  @BeforeEach
  void lendPrograms() {
    SharedServerPrograms.lendStartedTo(
        directory, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    data = DataDirectory.open(directory);
  }

  @AfterEach
  void nothing_is_left_running() throws IOException {
    EmbeddedDatabase.toJoin(data).close();
    assertThat(server()).isEmpty();
    SharedServerPrograms.takeFrom(directory);
  }

  @Test
  void a_start_waits_until_the_server_has_recovered() throws IOException {
    recoverSlowly();
    PostgresProcess server = impatient();

    PostmasterFile started = server.start();

    assertThat(started.ready()).isTrue();
    server.stop();
  }

  @Tag("thorough")
  @Test
  void a_server_that_another_start_left_recovering_is_taken_over() throws Exception {
    recoverSlowly();
    ServerFiles files = ServerFiles.in(data);
    NativeProgram programs = new NativeProgram(new ServerPrograms(files).unpacked());
    List<String> start =
        List.of("start", "--no-wait", "--pgdata=" + files.cluster(), "--log=" + files.startLog());
    assertThat(programs.run("pg_ctl", "", start).done()).isTrue();
    while (server().isEmpty()) {
      Thread.onSpinWait();
    }
    long recovering = server().orElseThrow().pid();

    try (EmbeddedDatabase database = EmbeddedDatabase.toServe(data)) {
      assertThat(server()).map(PostmasterFile::pid).contains(recovering);
      assertThat(Sql.query(database, "select 'in'")).isEqualTo("in");
    }
  }

  /**
   * Makes the recovery slow: it tries to fetch files from an archive that does not contain them.
   */
  private void recoverSlowly() throws IOException {
    Path cluster = ServerFiles.in(data).cluster();
    Path unused = Files.createFile(cluster.resolve("recovery.signal"));
    unused =
        Files.writeString(
            cluster.resolve("postgresql.auto.conf"),
            "restore_command = 'sleep 2; false'\n",
            StandardOpenOption.APPEND);
  }

  private PostgresProcess impatient() throws IOException {
    ServerFiles files = ServerFiles.in(data);
    Path programs = Files.createDirectories(directory.resolve("impatient/bin")).getParent();
    Path script =
        Files.writeString(
            programs.resolve("bin/pg_ctl"),
            """
            #!/bin/sh
            for each; do
              shift
              case $each in --timeout=60) each=--timeout=1 ;; esac
              set -- "$@" "$each"
            done
            exec '%s/bin/pg_ctl' "$@"
            """
                .formatted(new ServerPrograms(files).unpacked()));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return new PostgresProcess(files, new NativeProgram(programs));
  }

  private Optional<PostmasterFile> server() throws IOException {
    return PostgresProcess.running(ServerFiles.in(data));
  }
}
