package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every library that the program or its tests run on is the one that was recorded. Maven 3.9.2 and
 * newer checks this itself, plugins included, but no older one does.
 */
class TrustedChecksumsTest {
  private static final Path RECORDED = Path.of("..", ".mvn", "checksums", "checksums.sha256");

  @Test
  void every_library_on_the_class_path_has_a_recorded_checksum() throws IOException {
    Set<String> recorded = recorded();
    List<String> untrusted = new ArrayList<>();
    int libraries = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar") && !isOfThisProject(jar)) {
        libraries++;
        String name = jar.getFileName().toString();
        if (!recorded.contains(sha256(jar) + " " + name)) {
          untrusted.add(name);
        }
      }
    }

    assertThat(libraries).isPositive();
    assertThat(untrusted).as("run .mvn/checksums/refresh if these were meant").isEmpty();
  }

  private static boolean isOfThisProject(Path jar) {
    return jar.getFileName().toString().startsWith("claviger-");
  }

  /** A checksum and the name of the file that has it, which holds its version. */
  private static Set<String> recorded() throws IOException {
    Set<String> recorded = new HashSet<>();
    for (String line : Files.readAllLines(RECORDED)) {
      recorded.add(line.replaceFirst(" .*/", " "));
    }
    return recorded;
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
