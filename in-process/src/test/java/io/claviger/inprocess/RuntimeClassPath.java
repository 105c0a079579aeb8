package io.claviger.inprocess;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The class path that a program gets with this module. The build writes it to a file. */
final class RuntimeClassPath {
  private static final Path FILE = Path.of("target", "runtime-class-path");

  private RuntimeClassPath() {}

  /** Returns Claviger's other modules and the libraries. */
  static List<Path> entries() throws IOException {
    assumeTrue(Files.exists(FILE), "only the build writes " + FILE);
    String written = Files.readString(FILE).strip();
    return List.of(written.split(File.pathSeparator)).stream().map(Path::of).toList();
  }

  /** Returns the directory or jar that contains a class. */
  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
