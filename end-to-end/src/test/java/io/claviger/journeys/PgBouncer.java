package io.claviger.journeys;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.host.DatabaseAddress;
import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PgBouncer in front of a database. In transaction mode, it has two connections to the server in
 * all, so that a client seldom gets the same one twice.
 */
final class PgBouncer implements AutoCloseable {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));
  private static final int CONNECTIONS = 2;

  private final int port;
  private final Process process;

  private PgBouncer(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /** Skips the test where PgBouncer is not installed. */
  static void assumeInstalled() {
    assumeTrue(program().findFirst().isPresent(), "pgbouncer is not installed");
  }

  private static Stream<Path> program() {
    return PROGRAMS.stream().filter(Files::isExecutable);
  }

  /**
   * @param directory for its files
   * @param jdbcUrl where the database is
   */
  static PgBouncer start(Path directory, String jdbcUrl) throws Exception {
    return start(directory, jdbcUrl, "transaction", CONNECTIONS);
  }

  /**
   * Starts a PgBouncer in session mode.
   *
   * @param connections the number of connections to the server, one for each of a client
   */
  static PgBouncer ofSessions(Path directory, String jdbcUrl, int connections) throws Exception {
    return start(directory, jdbcUrl, "session", connections);
  }

  /**
   * @param mode a {@code pool_mode} of PgBouncer
   * @param connections the number of connections to the server
   */
  static PgBouncer start(Path directory, String jdbcUrl, String mode, int connections)
      throws Exception {
    DatabaseAddress server = DatabaseAddress.of(jdbcUrl);
    String user = server.user().orElseThrow();
    String password = server.password().map(p -> p.<String>lend(String::new)).orElse("");
    String[] place = server.place().split("[:/]", -1);
    int port = LocalHttp.freePort();
    Path users = directory.resolve("users.txt");
    Files.writeString(users, "\"%s\" \"%s\"\n".formatted(user, password));
    Path configuration = directory.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        * = host=%s port=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        pool_mode = %s
        default_pool_size = %d
        max_client_conn = 200
        ignore_startup_parameters = extra_float_digits
        server_login_retry = 1
        """
            .formatted(place[0], place[1], port, users, mode, connections));
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "--user")); // PgBouncer refuses to run as root
    }
    command.addAll(List.of(program().findFirst().orElseThrow().toString(), "" + configuration));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("pgbouncer.log").toFile())
            .start();
    PgBouncer started = new PgBouncer(port, process);
    Eventually.holds(Duration.ofSeconds(20), started::listens);
    return started;
  }

  /** Returns the URL of the same database through PgBouncer. */
  String through(String jdbcUrl) {
    return jdbcUrl.replaceFirst("//[^/]+/", "//127.0.0.1:" + port + "/");
  }

  @Override
  public void close() {
    process.destroy();
    int unused = process.onExit().orTimeout(20, TimeUnit.SECONDS).join().exitValue();
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
