package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.operator.DataDirectory;
import io.claviger.operator.StartRefused;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C reaches all processes of a terminal's foreground group, so pg_ctl, too. */
class InterruptedServerStartTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void the_server_has_ended_when_the_start_fails() throws Exception {
    DataDirectory data = DataDirectory.open(directory);
    EmbeddedDatabase.toServe(data).close();
    CompletableFuture<EmbeddedDatabase> starting =
        CompletableFuture.supplyAsync(() -> EmbeddedDatabase.toServe(data));
    Path pidFile = ServerFiles.in(data).cluster().resolve("postmaster.pid");
    while (!pidFile.toFile().exists() && !starting.isDone()) {
      Thread.onSpinWait();
    }
    Optional<ProcessHandle> starter =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().command().orElse("").endsWith("/pg_ctl"))
            .findAny();
    int interrupted =
        new ProcessBuilder("kill", "-INT", String.valueOf(starter.orElseThrow().pid()))
            .start()
            .waitFor();

    assertThat(interrupted).isZero();
    assertThatThrownBy(starting::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StartRefused.class);
    assertThat(PostgresServer.running(ServerFiles.in(data))).isEmpty();
    assertThat(pidFile).doesNotExist();
  }
}
