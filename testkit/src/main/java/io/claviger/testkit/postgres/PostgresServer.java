package io.claviger.testkit.postgres;

import io.claviger.testkit.DirectoriesInMemory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A JVM's database server, with an administrator's connection. */
final class PostgresServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final String GIVEN = "CLAVIGER_TEST_DATABASE_URL";

  /** The oldest version of PostgreSQL that Claviger supports. */
  private static final String IMAGE = "postgres:15-alpine";

  /** Settings that make the server fast. Nothing has to survive a crash of the machine. */
  private static final Map<String, String> FAST =
      Map.of(
          "fsync", "off",
          "synchronous_commit", "off",
          "full_page_writes", "off",
          "wal_level", "minimal",
          "max_wal_senders", "0",
          "max_wal_size", "256MB",
          "autovacuum", "off",
          "max_connections", "400",
          // Small tables are read by one process, whatever PostgreSQL expects to find in them.
          "max_parallel_workers_per_gather", "0");

  /**
   * The lock file of the library for embedded PostgreSQL is locked while the JVM that started the
   * server runs.
   */
  private static final DirectoriesInMemory CLUSTERS =
      new DirectoriesInMemory("claviger-test-postgres-", "epg-lock");

  private final PGSimpleDataSource administration;

  private PostgresServer(String url, Optional<String> user, Optional<String> password) {
    administration = new PGSimpleDataSource();
    administration.setUrl(url);
    user.ifPresent(administration::setUser);
    password.ifPresent(administration::setPassword);
  }

  /**
   * Returns the server that is named by the environment variable. Without this variable, returns a
   * server in Docker, and without Docker, an embedded server.
   */
  static PostgresServer start() {
    Optional<String> given = given();
    if (given.isPresent()) {
      LOG.info("tests use the PostgreSQL that {} names", GIVEN);
      return new PostgresServer(given.get(), Optional.empty(), Optional.empty());
    }
    if (mayHaveDocker() && DockerClientFactory.instance().isDockerAvailable()) {
      LOG.info("tests use PostgreSQL in Docker, {}", IMAGE);
      return inDocker();
    }
    LOG.info("tests use the embedded PostgreSQL: Docker does not answer, {} is not set", GIVEN);
    return embedded();
  }

  /** Returns the URL of the server that the environment variable names. */
  static Optional<String> given() {
    return Optional.ofNullable(System.getenv(GIVEN)).filter(s -> !s.isBlank());
  }

  /**
   * Whether Docker could be available. Loading the Docker client only to find out that nothing
   * answers would take a second in each JVM.
   */
  private static boolean mayHaveDocker() {
    return System.getenv("DOCKER_HOST") != null
        || Files.exists(Path.of("/var/run/docker.sock"))
        || Files.exists(Path.of(System.getProperty("user.home"), ".docker"))
        || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"));
  }

  private static PostgresServer inDocker() {
    PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
    container.setCommand(
        "postgres "
            + FAST.entrySet().stream()
                .map(e -> "-c " + e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" ")));
    container.start();
    return new PostgresServer(
        container.getJdbcUrl(),
        Optional.of(container.getUsername()),
        Optional.of(container.getPassword()));
  }

  private static PostgresServer embedded() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setPgBinaryResolver((system, machine) -> binaries());
    FAST.forEach(builder::setServerConfig);
    try {
      CLUSTERS.directory().map(Path::toFile).ifPresent(builder::setDataDirectory);
      EmbeddedPostgres server = builder.start();
      return new PostgresServer(
          server.getJdbcUrl("postgres", "postgres"), Optional.empty(), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded PostgreSQL does not start", e);
    }
  }

  /**
   * Finds the binaries. The search of the library for embedded PostgreSQL fails if the class path
   * contains the same file twice. The class path contains files twice if the packaged program is on
   * it, because its manifest lists the libraries too.
   */
  private static InputStream binaries() {
    return Objects.requireNonNull(
        PostgresServer.class.getResourceAsStream("/postgres-linux-x86_64.txz"),
        "the test kit has PostgreSQL's binaries only for Linux on x86-64");
  }

  PGSimpleDataSource administration() {
    return administration;
  }

  PGSimpleDataSource database(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url(name));
    return source;
  }

  /** Returns the URL of a database, with the user and the password. */
  String url(String name) {
    String[] hosts = administration.getServerNames();
    int[] ports = administration.getPortNumbers();
    String user = Optional.ofNullable(administration.getUser()).orElse("postgres");
    String password = Optional.ofNullable(administration.getPassword()).orElse("");
    return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
        .formatted(hosts[0], ports[0], name, encoded(user), encoded(password));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
