package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C reaches all processes of a terminal's foreground group, including pg_ctl. */
@Tag("journey")
class InterruptedServerStartTest {
  private static final int MOST_ATTEMPTS = 20;

  @TempDir private Path directory = Path.of("");

  @Test
  void the_server_has_ended_when_the_start_fails() throws Exception {
    SharedServerPrograms.lendStartedTo(
        directory, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    DataDirectory data = DataDirectory.open(directory);
    Path pidFile = ServerFiles.in(data).cluster().resolve("postmaster.pid");
    boolean failed = false;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && !failed; attempt++) {
      failed = failsWhenInterrupted(data, pidFile);
    }

    assertThat(failed).as("one of the starts was interrupted in time").isTrue();
    assertThat(PostgresProcess.running(ServerFiles.in(data))).isEmpty();
    assertThat(pidFile).doesNotExist();
    SharedServerPrograms.takeFrom(directory);
  }

  /** Interrupts a start. Returns false if the start was faster than the signal. */
  private static boolean failsWhenInterrupted(DataDirectory data, Path pidFile) throws Exception {
    // Other tests in this JVM start servers at the same time, so this test looks only for its own.
    String ownCluster = "--pgdata=" + ServerFiles.in(data).cluster();
    CompletableFuture<EmbeddedDatabase> starting =
        CompletableFuture.supplyAsync(() -> EmbeddedDatabase.toServe(data));
    while (!pidFile.toFile().exists() && !starting.isDone()) {
      Thread.onSpinWait();
    }
    Optional<ProcessHandle> starter =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().command().orElse("").endsWith("/pg_ctl"))
            .filter(child -> child.info().commandLine().orElse("").contains(ownCluster))
            .findAny();
    if (starter.isPresent()) {
      int unused =
          new ProcessBuilder("kill", "-INT", String.valueOf(starter.get().pid())).start().waitFor();
    }
    try {
      starting.get().close();
      return false;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(StartRefused.class);
      return true;
    }
  }
}
