package io.claviger.embeddedpostgres;

import io.claviger.embeddedpostgres.NativeProgram.Result;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The files of the embedded PostgreSQL database. This class changes the files only while no server
 * is running.
 *
 * <p>Access to the server is restricted. Every user of the machine can connect to TCP on 127.0.0.1,
 * and the driver can't use Unix sockets. Only one role can log in. This role has no rights over the
 * server, can use only one database, and has a random password with SCRAM authentication. The
 * superuser can't log in to the running server. Superuser work runs in single-user mode, which
 * needs the files and a stopped server.
 */
final class Cluster {
  static final String NAME = "claviger";

  private static final String ACCESS =
      """
      # Written by Claviger at every start.
      host claviger claviger 127.0.0.1/32 scram-sha-256
      """;
  // The log has no DETAIL lines, because they quote rows. The password is 256 random bits, which
  // nobody can guess. So the hash of the password need not be slow. The usual 4,096 rounds of
  // hashing for each connection would take a noticeable part of a start. All other settings are
  // PostgreSQL's defaults, including fsync.
  private static final String CONFIGURATION =
      """
      # Written by Claviger at every start.
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      max_connections = 100
      scram_iterations = 1
      timezone = 'UTC'
      log_timezone = 'UTC'
      log_error_verbosity = terse
      logging_collector = on
      log_directory = 'log'
      log_filename = 'server-%a.log'
      log_truncate_on_rotation = on
      log_rotation_age = 1d
      log_rotation_size = 0
      log_checkpoints = off
      """;

  private final ServerFiles files;
  private final NativeProgram programs;

  Cluster(ServerFiles files, NativeProgram programs) {
    this.files = files;
    this.programs = programs;
  }

  /** Creates the cluster if it does not exist. An incomplete cluster is created again. */
  void prepare(Confidential password, String majorVersion) throws IOException {
    Path cluster = files.cluster();
    if (!Files.exists(cluster)) {
      Path unfinished = files.unfinishedCluster();
      Directories.delete(unfinished);
      create(unfinished);
      configure(unfinished);
      runAlone(
          unfinished,
          "CREATE ROLE %s LOGIN PASSWORD '%s';\nCREATE DATABASE %s OWNER %s;\n"
              .formatted(NAME, password.lend(String::new), NAME, NAME));
      Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    String version = Files.readString(cluster.resolve("PG_VERSION")).strip();
    if (!version.equals(majorVersion)) {
      throw new StartRefused(
          "the database in %s was created by PostgreSQL %s, but this Claviger contains PostgreSQL %s"
              .formatted(cluster, version, majorVersion));
    }
    configure(cluster);
  }

  /**
   * Sets a new password for the role that can log in. A new password is needed if the password file
   * was lost or replaced.
   */
  void setPassword(Confidential password) throws IOException {
    runAlone(
        files.cluster(),
        "ALTER ROLE %s PASSWORD '%s';\n".formatted(NAME, password.lend(String::new)));
  }

  private void create(Path cluster) throws IOException {
    Result result =
        programs.run(
            "initdb",
            "",
            List.of(
                // PostgreSQL's own locale is used, so that an update of the machine's locale does
                // not break indexes.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--encoding=UTF8",
                "--auth=reject",
                "--username=postgres",
                "--no-instructions",
                "--pgdata=" + cluster));
    if (!result.done()) {
      throw refused(result);
    }
  }

  private static void configure(Path cluster) throws IOException {
    write(cluster.resolve("postgresql.conf"), CONFIGURATION);
    write(cluster.resolve("pg_hba.conf"), ACCESS);
  }

  /** Overwrites a file from {@code initdb}. The file keeps its mode, which excludes other users. */
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /**
   * Runs statements in single-user mode, one per line. The statements go through standard input,
   * which other users can't see.
   */
  private void runAlone(Path cluster, String statements) throws IOException {
    Result result =
        programs.run(
            "postgres",
            statements,
            List.of(
                "--single",
                "-D",
                cluster.toString(),
                "-c",
                "exit_on_error=on",
                "-c",
                "log_min_error_statement=panic",
                "-c",
                "logging_collector=off",
                "postgres"));
    if (!result.done()) {
      throw refused(result);
    }
  }

  private static StartRefused refused(Result result) {
    return result.output().contains("unshare")
        ? new StartRefused(
            "the embedded PostgreSQL can't run as root here (%s): run claviger as another user, or"
                    .formatted(result.reason())
                + " set DATABASE_URL")
        : new StartRefused("the embedded PostgreSQL can't be set up: " + result.reason());
  }
}
