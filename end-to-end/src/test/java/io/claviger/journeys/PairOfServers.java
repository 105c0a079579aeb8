package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two PostgreSQL servers. The second one is a replica of the first, and a commit on the first waits
 * for it.
 */
final class PairOfServers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String COMMON =
      """
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      max_connections = 100
      shared_buffers = 16MB
      fsync = off
      autovacuum = off
      """;

  private final Path programs;
  private final Path directory;
  private final int firstPort;
  private final int secondPort;

  /**
   * @param directory for the files of both, which nobody else uses
   */
  PairOfServers(Path directory) throws IOException {
    this.directory = directory;
    this.programs = lentPrograms(directory);
    this.firstPort = LocalHttp.freePort();
    this.secondPort = LocalHttp.freePort();
    run(
        "initdb",
        "--pgdata=" + first(),
        "--username=claviger",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions");
    copy(first(), second());
    configure(first(), firstPort, "synchronous_standby_names = '*'");
    configure(
        second(),
        secondPort,
        "primary_conninfo = 'host=127.0.0.1 port=%d user=claviger'".formatted(firstPort));
    Files.createFile(second().resolve("standby.signal"));
    start(first());
    start(second());
  }

  /** Connects to whichever of both is the primary server. */
  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?user=claviger"
        .formatted(firstPort, secondPort);
  }

  /** Connects to the second server, whatever it is. */
  String secondUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=claviger".formatted(secondPort);
  }

  /** Kills all processes of the first server. */
  void crashFirst() throws IOException {
    stop(first());
  }

  /** Makes the second server the primary one, and returns when it takes writes. */
  void promoteSecond() throws SQLException {
    try (Connection connection = DriverManager.getConnection(secondUrl());
        Statement statement = connection.createStatement()) {
      assertThat(statement.execute("select pg_promote()")).isTrue();
    }
  }

  @Override
  public void close() throws IOException {
    for (Path server : List.of(first(), second())) {
      if (Files.exists(server.resolve("postmaster.pid"))) {
        stop(server);
      }
    }
    ServerPrograms.takeFrom(directory.resolve("programs"));
  }

  private Path first() {
    return directory.resolve("first");
  }

  private Path second() {
    return directory.resolve("second");
  }

  private void start(Path server) throws IOException {
    run(
        "pg_ctl",
        "start",
        "--wait",
        "--timeout=" + PATIENCE.toSeconds(),
        "--pgdata=" + server,
        "--log=" + directory.resolve(server.getFileName() + ".log"));
  }

  private void stop(Path server) throws IOException {
    run("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata=" + server);
  }

  private void run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "--user")); // PostgreSQL refuses to run as root
    }
    command.add(programs.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    Path said = directory.resolve(program + ".out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.onExit().join().exitValue()).as(() -> text(said) + logs()).isZero();
  }

  private String logs() {
    return Stream.of("first.log", "second.log")
        .map(directory::resolve)
        .filter(Files::exists)
        .map(PairOfServers::text)
        .collect(Collectors.joining("\n"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Path lentPrograms(Path directory) throws IOException {
    Path data = Files.createDirectory(directory.resolve("programs"));
    ServerPrograms.lendTo(data);
    try (Stream<Path> files = Files.list(data.resolve("postgres"))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("program-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void configure(Path server, int port, String more) throws IOException {
    Files.writeString(
        server.resolve("postgresql.conf"), COMMON + "port = " + port + "\n" + more + "\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
