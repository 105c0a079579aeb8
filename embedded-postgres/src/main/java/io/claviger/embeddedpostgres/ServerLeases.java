package io.claviger.embeddedpostgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The processes that use the embedded server. The last one that leaves stops it. A killed process
 * has left too, because the operating system released its lease. Use this class only while holding
 * the startup lock.
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

  /** Whether any process uses the server. Deletes the lease files of killed processes. */
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
