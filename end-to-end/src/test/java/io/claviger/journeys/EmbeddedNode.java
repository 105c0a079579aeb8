package io.claviger.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.host.DataDirectory;
import io.claviger.host.DatabaseAddress;
import io.claviger.stub.StubProvider;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program with its embedded database, which contains a service of Alice. Tests can stop and
 * start the database.
 */
final class EmbeddedNode implements AutoCloseable {
  static final String KEY = "sk-canary/of-the-embedded-node+3f9d51c7e2";
  static final String SERVICE = "alice/mine";

  final StubProvider provider = StubProvider.start();
  private final Path directory;
  private final Path data;
  private final Map<String, String> environment = new HashMap<>();
  private Optional<EmbeddedDatabase> database = Optional.empty();
  private Program program;
  Api alice;

  /**
   * @param directory for temporary files
   */
  EmbeddedNode(Path directory, Path data) throws Exception {
    this(directory, data, false);
  }

  /**
   * @param separate whether the program only gets the address of the database, so that it continues
   *     while the database restarts
   */
  EmbeddedNode(Path directory, Path data, boolean separate) throws Exception {
    this.directory = directory;
    this.data = data;
    String token = "clv_token-of-root-at-a-database-of-its-own";
    environment.put("CLAVIGER_DATA_DIR", data.toString());
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + provider.port());
    ServerPrograms.lendTo(data);
    if (separate) {
      EmbeddedDatabase server = EmbeddedDatabase.toServe(DataDirectory.open(data));
      database = Optional.of(server);
      environment.put("CLAVIGER_DATA_DIR", directory.resolve("node").toString());
      environment.put("DATABASE_URL", url(server.address()));
      environment.put("ENCRYPTION_KEY", "an-encryption-key-of-this-journey-alone");
      environment.put("CLAVIGER_ADMIN_TOKEN", token);
    }
    program = Program.start(directory, environment, "serve");
    Api root =
        program
            .ready()
            .caller(separate ? token : Files.readString(data.resolve("admin-token")).strip());
    alice =
        root.holding(
            root.post("/v1/users", Map.of("handle", "alice")).isStatus(201).text("/access_token"));
    alice.putService(SERVICE, provider.baseUrl() + "/v1", KEY);
  }

  private static String url(DatabaseAddress address) {
    String password =
        address.password().orElseThrow().lend(text -> URLEncoder.encode(new String(text), UTF_8));
    return address.jdbcUrl() + "&user=" + address.user().orElseThrow() + "&password=" + password;
  }

  /** Ends the program normally, and starts it again. */
  void restart() throws Exception {
    program.terminate();
    program.ended(0);
    program = Program.start(directory, environment, "serve");
    alice = program.ready().caller(alice.token());
  }

  String errors() {
    return program.errors();
  }

  /** Restarts the database alone, on the same port. */
  void restartDatabase(String mode) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "--user")); // PostgreSQL refuses to run as root
    }
    command.add(programs().resolve("bin").resolve("pg_ctl").toString());
    command.addAll(List.of("restart", "--wait", "--mode=" + mode));
    command.addAll(List.of("--pgdata=" + data.resolve("postgres").resolve("cluster")));
    command.addAll(List.of("--log=" + directory.resolve("server.log")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private Path programs() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("postgres"))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("program-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Override
  public void close() {
    program.close();
    provider.close();
    database.ifPresent(EmbeddedDatabase::close);
    if (EmbeddedDatabase.existsIn(DataDirectory.open(data))) {
      EmbeddedDatabase.toJoin(DataDirectory.open(data)).close();
    }
    ServerPrograms.takeFrom(data);
  }
}
