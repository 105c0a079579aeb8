package io.claviger.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.postgres.SharedServerPrograms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that another program may take the port before the server does. */
@Tag("journey")
class PortInUseTest {
  @TempDir private Path directory = Path.of("");
  private DataDirectory data = DataDirectory.open(Path.of("target"));

  @BeforeEach
  void lendPrograms() {
    SharedServerPrograms.lendStartedTo(
        directory, first -> EmbeddedDatabase.toServe(DataDirectory.open(first)).close());
    data = DataDirectory.open(directory);
  }

  @AfterEach
  void takeProgramsBack() {
    SharedServerPrograms.takeFrom(directory);
  }

  @Test
  void the_server_starts_at_the_next_port() throws IOException {
    try (ServerSocket other = listening()) {
      int free = LocalHttp.freePort();
      PostgresProcess server = server(List.of(other.getLocalPort(), free).iterator()::next);
      assertThat(server.start().port()).isEqualTo(free);
      server.stop();
    }
  }

  @Test
  void a_start_that_finds_no_port_says_so() throws IOException {
    try (ServerSocket other = listening()) {
      PostgresProcess server = server(other::getLocalPort);
      assertThatThrownBy(server::start)
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("could not create any TCP/IP sockets");
    }
  }

  /** The log collector is a separate process, which may be delayed on a busy machine. */
  @Test
  void the_server_starts_at_the_next_port_although_the_log_says_late_why_the_first_failed()
      throws IOException {
    ServerFiles files = ServerFiles.in(data);
    Path programs = Files.createDirectories(directory.resolve("late/bin")).getParent();
    Path script =
        Files.writeString(
            programs.resolve("bin/pg_ctl"),
            """
            #!/bin/sh
            '%s/bin/pg_ctl' "$@" && exit 0
            mv '%2$s' '%2$s-late'
            (sleep 1; mv '%2$s-late' '%2$s') > /dev/null 2>&1 &
            exit 1
            """
                .formatted(new ServerPrograms(files).unpacked(), files.collectedLog()));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    try (ServerSocket other = listening()) {
      int free = LocalHttp.freePort();
      IntSupplier ports = List.of(other.getLocalPort(), free).iterator()::next;
      PostgresProcess server = new PostgresProcess(files, new NativeProgram(programs), ports);
      assertThat(server.start().port()).isEqualTo(free);
      server.stop();
    }
  }

  private PostgresProcess server(IntSupplier ports) throws IOException {
    ServerFiles files = ServerFiles.in(data);
    return new PostgresProcess(
        files, new NativeProgram(new ServerPrograms(files).unpacked()), ports);
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
