package io.claviger.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs print what they want. A library that prints as well disturbs them. */
class QuietTest {
  private final TestDatabase database = PostgresForTests.empty();
  private final AtomicReference<String> key = new AtomicReference<>("");
  private final HttpServer provider = provider();

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    provider.stop(0);
    database.close();
  }

  @Test
  void a_program_without_a_logging_backend_prints_nothing_of_claviger() throws Exception {
    Path said = directory.resolve("said");
    Process program =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();

    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(said)).isEmpty();
    assertThat(program.exitValue()).isZero();
    assertThat(key).hasValue("Bearer sk-of-a-quiet-program");
  }

  private List<String> command() throws IOException {
    List<Path> entries = new ArrayList<>(RuntimeClassPath.entries());
    entries.add(RuntimeClassPath.of(Claviger.class));
    entries.add(RuntimeClassPath.of(QuietProgram.class));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
        QuietProgram.class.getName(),
        database.jdbcUrl(),
        "http://127.0.0.1:" + provider.getAddress().getPort() + "/v1");
  }

  private HttpServer provider() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            key.set(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
