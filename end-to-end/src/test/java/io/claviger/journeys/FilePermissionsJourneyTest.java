package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Only the program's user can read the files that the program writes, no matter with which umask it
 * was started.
 */
@Tag("thorough")
class FilePermissionsJourneyTest {
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  @TempDir private Path directory = Path.of("");

  @Test
  void under_umask_0_nobody_else_can_change_a_file_of_it() throws Exception {
    Path data = directory.resolve("data");
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    Map<String, String> environment =
        Map.of(
            "CLAVIGER_DATA_DIR",
            data.toString(),
            "CLAVIGER_PORT",
            "0",
            "CLAVIGER_GATEWAY_PORT",
            "0");
    try (Program node = Program.startUnderUmaskZero(temporary, environment, "serve")) {
      node.ready();
      assertThat(changeableByOthers(data)).isEmpty();
      assertThat(changeableByOthers(temporary)).isEmpty();
      node.terminate();
      node.ended(0);
      assertThat(changeableByOthers(data)).isEmpty();
    }
    openToAll(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(
        data.resolve("postgres"), PosixFilePermissions.fromString("rwx------"));
    try (Program node = Program.startUnderUmaskZero(temporary, environment, "serve")) {
      node.ready();
      assertThat(changeableByOthers(data)).isEmpty();
      node.terminate();
      node.ended(0);
    }
  }

  /** Sets the permissions that an earlier version would have left with such a umask. */
  private static void openToAll(Path data) throws IOException {
    for (Path path : tree(data)) {
      if (path.toString().contains("program-") && Files.isDirectory(path)) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    }
  }

  private static List<Path> changeableByOthers(Path root) throws IOException {
    return tree(root).stream().filter(FilePermissionsJourneyTest::isChangeable).toList();
  }

  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> !Files.isSymbolicLink(path)).toList();
    }
  }

  private static boolean isChangeable(Path path) {
    try {
      return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).stream()
          .anyMatch(OTHERS_WRITE::contains);
    } catch (IOException gone) {
      return false; // a running server removes files of its own
    }
  }
}
