package io.claviger.embeddedpostgres;

import io.claviger.embeddedpostgres.NativeProgram.Result;
import io.claviger.operator.Confidential;
import io.claviger.operator.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The files of the embedded database, while no server runs on them.
 *
 * <p>Who gets in: TCP on 127.0.0.1 is open to every user of the machine, and the driver speaks no
 * Unix sockets; so there is one way in, a role without rights over the server, into one database,
 * by a random password over SCRAM. The superuser gets in nowhere: what needs it is done in
 * single-user mode, which takes the files and a stopped server.
 */
final class Cluster {
  static final String NAME = "claviger";

  private static final String ACCESS =
      """
      # Written by Claviger at every start.
      host claviger claviger 127.0.0.1/32 scram-sha-256
      """;
  // No DETAIL in the log: it quotes rows. Every other setting is PostgreSQL's own, fsync included.
  private static final String CONFIGURATION =
      """
      # Written by Claviger at every start.
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      max_connections = 100
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

  /** Makes the cluster where there is none; a half-made one is made anew. */
  void prepare(Confidential password, String majorVersion) throws IOException {
    Path cluster = files.cluster();
    if (!Files.exists(cluster)) {
      Path unfinished = files.unfinishedCluster();
      Directories.delete(unfinished);
      create(unfinished);
      configure(unfinished);
      alone(
          unfinished,
          "CREATE ROLE %s LOGIN PASSWORD '%s';\nCREATE DATABASE %s OWNER %s;\n"
              .formatted(NAME, password.lend(String::new), NAME, NAME));
      Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    String version = Files.readString(cluster.resolve("PG_VERSION")).strip();
    if (!version.equals(majorVersion)) {
      throw new StartRefused(
          "%s was made by PostgreSQL %s, and this Claviger brings %s"
              .formatted(cluster, version, majorVersion));
    }
    configure(cluster);
  }

  /** For when the password file was lost or another one put in its place. */
  void setPassword(Confidential password) throws IOException {
    alone(
        files.cluster(),
        "ALTER ROLE %s PASSWORD '%s';\n".formatted(NAME, password.lend(String::new)));
  }

  private void create(Path cluster) throws IOException {
    Result result =
        programs.run(
            "initdb",
            "",
            List.of(
                // A locale of PostgreSQL's own: an index must not break with the machine's.
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

  /** initdb makes both for their owner alone; written anew, they stay so. */
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /**
   * Runs statements, one a line, in single-user mode. They go in by standard input, seen by none.
   */
  private void alone(Path cluster, String statements) throws IOException {
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
