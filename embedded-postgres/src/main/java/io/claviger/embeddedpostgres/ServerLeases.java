package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Who uses the embedded server: the last one out stops it. A process that was killed has left too,
 * since its lease went with it. Ask and change only behind the door lock.
 */
final class ServerLeases {
  private final Path directory;

  ServerLeases(Path directory) {
    this.directory = directory;
  }

  FileLease enter() throws IOException {
    return FileLease.tryTake(directory.resolve(UUID.randomUUID() + ".lock"))
        .orElseThrow(() -> new IOException("a new lease file is held already"));
  }

  /** Sweeps away what killed processes left. */
  boolean anybodyThere() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.lock")) {
      for (Path file : files) {
        Optional<FileLease> abandoned = FileLease.tryTake(file);
        if (abandoned.isEmpty()) {
          return true;
        }
        abandoned.get().delete();
      }
      return false;
    }
  }
}
