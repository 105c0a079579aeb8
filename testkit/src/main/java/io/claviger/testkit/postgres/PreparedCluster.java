package io.claviger.testkit.postgres;

import io.claviger.testkit.DirectoriesInMemory;
import io.claviger.testkit.InstallationCache;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data directory of an embedded server in which all of Claviger's migrations have run. The JVMs
 * of a build start their servers in copies of this directory. Creating a cluster and running the
 * migrations would take each JVM several seconds of CPU time.
 */
final class PreparedCluster {
  /** The database in which the migrations have run. */
  static final String DATABASE = "claviger_migrated";

  private static final String NAME = "postgres";
  private static final String MIGRATIONS = "io/claviger/persistence/";

  private PreparedCluster() {}

  /**
   * Makes the data directory, unless one was made today from the same migrations.
   *
   * @param memory creates the directory in which the server runs, if there is memory for it
   * @param server settings for a server that keeps its data directory
   */
  static void make(
      DirectoriesInMemory memory, EmbeddedPostgres.Builder server, Consumer<DataSource> migration) {
    try {
      if (cluster().isPresent()) {
        return;
      }
      Optional<Path> directory = memory.directory();
      if (directory.isPresent()) {
        Path unused =
            InstallationCache.directory(
                NAME,
                content(),
                made -> {
                  migrate(server.setDataDirectory(directory.get()), migration);
                  copy(directory.get(), made.resolve(NAME));
                });
        DirectoriesInMemory.delete(directory.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void migrate(EmbeddedPostgres.Builder builder, Consumer<DataSource> migration)
      throws IOException {
    try (EmbeddedPostgres server = builder.start()) {
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        boolean unused =
            statement.execute(
                "create database " + DATABASE + " template template0 encoding 'UTF8'");
      } catch (SQLException e) {
        throw new IOException(e);
      }
      migration.accept(server.getDatabase("postgres", DATABASE));
    }
  }

  /** Copies the data directory if there is one, and returns whether there was one. */
  static boolean copyTo(Path directory) throws IOException {
    Optional<Path> made = cluster();
    if (made.isPresent()) {
      copy(made.get(), directory);
    }
    return made.isPresent();
  }

  private static Optional<Path> cluster() throws IOException {
    return InstallationCache.installed(NAME, content()).map(made -> made.resolve(NAME));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path copied = to.resolve(from.relativize(file));
        if (!Files.isDirectory(copied)) {
          Path unused =
              Files.copy(
                  file,
                  copied,
                  StandardCopyOption.REPLACE_EXISTING,
                  StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /**
   * Returns what the content of the data directory depends on: the server's version, all migrations
   * that run, and the date. Migrations create tables for the current months.
   */
  private static List<String> content() throws IOException {
    String list = text("recorded-migrations.txt");
    List<String> content = new ArrayList<>();
    content.add(String.valueOf(PreparedCluster.class.getResource(PostgresServer.BINARIES)));
    content.add(LocalDate.now(ZoneOffset.UTC).toString());
    content.add(list);
    for (String line : list.lines().toList()) {
      String[] part = line.split(" ", 3);
      content.add(text("migrations/V" + part[0] + "__" + part[2].replace(' ', '_') + ".sql"));
    }
    return content;
  }

  /** Returns an empty text if Claviger's migrations are not on the class path. */
  private static String text(String file) throws IOException {
    try (@Nullable InputStream stream =
        PreparedCluster.class.getClassLoader().getResourceAsStream(MIGRATIONS + file)) {
      return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
