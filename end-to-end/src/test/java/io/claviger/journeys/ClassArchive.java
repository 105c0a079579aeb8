package io.claviger.journeys;

import io.claviger.bootstrap.Main;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a node loads until it is ready, kept by the JVM in a file that later processes map. It
 * halves the time to start, as {@code ./claviger} does for its users.
 */
final class ClassArchive {
  private ClassArchive() {}

  /** The JVM's option that uses the archive. The archive is made when first asked for. */
  static String option() {
    return "-XX:SharedArchiveFile=" + Made.ONCE;
  }

  private static Path make() throws IOException, InterruptedException {
    Path archive = Files.createDirectories(Path.of("target")).resolve("classes.jsa");
    Files.deleteIfExists(archive);
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xlog:disable",
                    "-XX:ArchiveClassesAtExit=" + archive,
                    "-jar",
                    Main.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
                    "serve"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try (TestDatabase database = PostgresForTests.empty()) {
      builder.environment().clear();
      builder
          .environment()
          .putAll(
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
                  Journey.ROOT_TOKEN));
      Process node = builder.start();
      try (BufferedReader output = node.inputReader()) {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          if (line.contains("claviger is ready")) {
            node.toHandle().destroy();
          }
        }
      }
      if (!node.waitFor(60, TimeUnit.SECONDS) || !Files.exists(archive)) {
        throw new IllegalStateException("no class archive was made");
      }
    }
    return archive.toAbsolutePath();
  }

  private static final class Made {
    static final Path ONCE = once();

    private static Path once() {
      try {
        return make();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
