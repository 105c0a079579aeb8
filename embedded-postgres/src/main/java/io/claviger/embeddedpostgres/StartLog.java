package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a server writes while it starts. It writes to the file that pg_ctl was given until its own
 * collector of log lines runs, and to the collector's files from then on. Only there it says that a
 * port is in use.
 */
final class StartLog {
  private final Path first;
  private final Path collected;
  private final Map<Path, Long> sizesBefore;

  private StartLog(Path first, Path collected, Map<Path, Long> sizesBefore) {
    this.first = first;
    this.collected = collected;
    this.sizesBefore = sizesBefore;
  }

  /** Forgets what earlier starts wrote. */
  static StartLog begin(ServerFiles files) throws IOException {
    Files.deleteIfExists(files.startLog());
    Map<Path, Long> sizes = new HashMap<>();
    for (Path file : filesIn(files.collectedLog())) {
      sizes.put(file, Files.size(file));
    }
    return new StartLog(files.startLog(), files.collectedLog(), sizes);
  }

  String text() throws IOException {
    StringBuilder text = new StringBuilder(Files.exists(first) ? Files.readString(first) : "");
    for (Path file : filesIn(collected)) {
      try (InputStream lines = Files.newInputStream(file)) {
        lines.skipNBytes(Math.min(sizesBefore.getOrDefault(file, 0L), Files.size(file)));
        text.append(new String(lines.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }

  /** Returns the line that says why the server ended; all lines if none says so. */
  String reason() throws IOException {
    String text = text();
    return text.lines()
        .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
        .reduce((earlier, later) -> later)
        .orElse(text);
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
