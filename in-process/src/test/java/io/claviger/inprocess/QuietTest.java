package io.claviger.inprocess;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.claviger.testkit.TlsIdentity;
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
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs print what they want. A library that prints as well disturbs them. */
@Tag("thorough")
class QuietTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final AtomicReference<String> key = new AtomicReference<>("");

  @TempDir private Path directory;

  @Test
  void a_program_without_a_logging_backend_prints_nothing_of_claviger() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    HttpsServer provider = provider(identity);
    Path said = directory.resolve("said");
    try {
      Process program =
          new ProcessBuilder(command(identity, provider.getAddress().getPort()))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();

      assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(said)).isEmpty();
      assertThat(program.exitValue()).isZero();
      assertThat(key).hasValue("Bearer sk-of-a-quiet-program");
    } finally {
      provider.stop(0);
    }
  }

  private List<String> command(TlsIdentity identity, int port) throws IOException {
    List<Path> entries = new ArrayList<>(RuntimeClassPath.entries());
    entries.add(RuntimeClassPath.of(Claviger.class));
    entries.add(RuntimeClassPath.of(QuietProgram.class));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(identity.trusting());
    command.add("-cp");
    command.add(entries.stream().map(Path::toString).collect(joining(File.pathSeparator)));
    command.add(QuietProgram.class.getName());
    command.add(database.jdbcUrl());
    command.add("https://127.0.0.1:" + port + "/v1");
    return command;
  }

  private HttpsServer provider(TlsIdentity identity) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(identity.keyManagers().getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          key.set(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
