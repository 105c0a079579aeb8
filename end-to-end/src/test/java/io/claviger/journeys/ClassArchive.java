package io.claviger.journeys;

import io.claviger.bootstrap.Main;
import io.claviger.persistence.Schema;
import io.claviger.testkit.OtherJvm;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a program loads while it starts, kept by the JVM in a file that later processes map. It
 * halves the time to start, as {@code ./claviger} does for its users.
 */
enum ClassArchive {
  /** Of a node until it is ready. */
  NODE {
    @Override
    Path make() throws IOException, InterruptedException {
      Path archive = emptied("classes.jsa");
      try (TestDatabase database =
          PostgresForTests.migrated("claviger", source -> new Schema(source).migrate())) {
        Map<String, String> environment =
            Map.of(
                "DATABASE_URL",
                database.jdbcUrl(),
                "CLAVIGER_PORT",
                "0",
                "CLAVIGER_GATEWAY_PORT",
                "0",
                "ENCRYPTION_KEY",
                Journey.ENCRYPTION_KEY,
                "CLAVIGER_ADMIN_TOKEN",
                Journey.ROOT_TOKEN);
        Process node = recorded(archive, environment, packaged(Main.class), "serve");
        try (BufferedReader output = node.inputReader()) {
          for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("claviger is ready")) {
              node.toHandle().destroy();
            }
          }
        }
        return ended(node, archive);
      }
    }
  },

  /** Of the commands for people, until one of them finds that no server listens. */
  CLIENT {
    @Override
    Path make() throws IOException, InterruptedException {
      Path archive = emptied("client.jsa");
      Path home = Files.createDirectories(Path.of("target", "client-home")).toAbsolutePath();
      Process login =
          recorded(
              archive,
              Map.of("HOME", home.toString()),
              ClientScript.packaged().orElseThrow(),
              "login",
              "http://127.0.0.1:1",
              "--token-stdin");
      try (BufferedWriter input = login.outputWriter()) {
        input.write(Journey.ROOT_TOKEN);
      }
      return ended(login, archive);
    }
  };

  private @Nullable Path made;

  /** The JVM's option that uses the archive. The archive is made when first asked for. */
  synchronized String option() {
    try {
      if (made == null) {
        made = make();
      }
      return "-XX:SharedArchiveFile=" + made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  abstract Path make() throws IOException, InterruptedException;

  /** The jar of a class, or a directory of classes. */
  static Path packaged(Class<?> program) {
    return Path.of(program.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static Path emptied(String name) throws IOException {
    Path archive = Files.createDirectories(Path.of("target")).resolve(name).toAbsolutePath();
    Files.deleteIfExists(archive);
    return archive;
  }

  private static Process recorded(
      Path archive, Map<String, String> environment, Path jar, String... arguments)
      throws IOException {
    return OtherJvm.command(
            environment,
            List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive, "-jar", jar.toString()),
            arguments)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Path ended(Process process, Path archive) throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS) || !Files.exists(archive)) {
      throw new IllegalStateException("no class archive was made");
    }
    return archive;
  }
}
