package io.claviger.inprocess;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a program gets with this module, as the build has written it down. */
final class RuntimeClassPath {
  private static final Path FILE = Path.of("target", "runtime-class-path");

  private RuntimeClassPath() {}

  /** Claviger's other modules and the libraries. */
  static List<Path> entries() throws IOException {
    assumeTrue(Files.exists(FILE), "only the build writes " + FILE);
    String written = Files.readString(FILE).strip();
    return List.of(written.split(File.pathSeparator)).stream().map(Path::of).toList();
  }

  /** The directory or jar that a class is in. */
  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
