package io.claviger.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path parent = Path.of("");

  @Test
  void a_missing_directory_is_made_for_its_owner_alone() throws IOException {
    DataDirectory data = DataDirectory.open(parent.resolve("a/b"));
    assertThat(mode(data.path())).isEqualTo("rwx------");
    assertThat(mode(data.directory("c"))).isEqualTo("rwx------");
  }

  @Test
  void a_directory_open_to_others_is_closed_to_them() throws IOException {
    Path open = Files.createDirectory(parent.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    DataDirectory.open(open);
    assertThat(mode(open)).isEqualTo("rwx------");
  }

  @Test
  void a_directory_that_others_could_write_into_is_refused_unless_it_is_empty() throws IOException {
    for (String mode : List.of("rwxrwx---", "rwx----w-")) {
      Path open = Files.createDirectory(parent.resolve(mode));
      Files.writeString(open.resolve(DataDirectory.ENCRYPTION_KEY), "theirs");
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(() -> DataDirectory.open(open))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("chmod 700");
      assertThat(mode(open)).isEqualTo(mode);
    }
  }

  @Test
  void a_directory_of_another_user_is_refused() throws IOException {
    Path foreign = Files.createDirectory(parent.resolve("foreign"));
    FileOwner another = new FileOwner(FileOwner.uidOf(foreign) + 1);
    assertThatThrownBy(() -> DataDirectory.open(foreign, another))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("belongs to the user with the id " + FileOwner.uidOf(foreign))
        .hasMessageContaining("runs as the user with the id " + another.uid());
  }

  @Test
  void a_file_in_the_place_of_the_directory_is_refused_in_one_line() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("can't be made: " + file + " is a file");
    assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("can't be made: " + file + " is a file");
  }

  /** For example that the file system is read-only or full. */
  @Test
  void the_reason_of_the_operating_system_is_told() {
    String name = "n".repeat(300);
    assertThatThrownBy(() -> DataDirectory.open(parent.resolve(name)))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("(File name too long)");
    DataDirectory data = DataDirectory.open(parent.resolve("data"));
    assertThatThrownBy(() -> data.create(name, Confidential.of("hunter2")))
        .isInstanceOf(StartRefused.class)
        .hasMessageEndingWith("can't be written (File name too long)");
    assertThatThrownBy(() -> data.replace(name, Confidential.of("hunter2")))
        .isInstanceOf(StartRefused.class)
        .hasMessageEndingWith("can't be written (File name too long)");
  }

  @Test
  void a_secret_is_written_for_its_owner_alone_and_read_back() throws IOException {
    DataDirectory data = DataDirectory.open(parent.resolve("data"));
    assertThat(data.create(DataDirectory.ENCRYPTION_KEY, Confidential.of("hunter2"))).isTrue();
    assertThat(mode(data.path().resolve("encryption-key"))).isEqualTo("rw-------");
    assertThat(text(data.read(DataDirectory.ENCRYPTION_KEY))).contains("hunter2");
    try (var files = Files.list(data.path())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void a_secret_that_is_there_is_not_overwritten() {
    DataDirectory data = DataDirectory.open(parent.resolve("data"));
    data.create(DataDirectory.ADMIN_TOKEN, Confidential.of("first"));
    assertThat(data.create(DataDirectory.ADMIN_TOKEN, Confidential.of("second"))).isFalse();
    assertThat(text(data.read(DataDirectory.ADMIN_TOKEN))).contains("first");
  }

  @Test
  void a_missing_secret_is_none() {
    assertThat(DataDirectory.open(parent).read(DataDirectory.ADMIN_TOKEN)).isEmpty();
  }

  @Test
  void a_secret_open_to_others_is_refused() throws IOException {
    DataDirectory data = DataDirectory.open(parent.resolve("data"));
    data.create(DataDirectory.ENCRYPTION_KEY, Confidential.of("hunter2"));
    Path file = data.path().resolve(DataDirectory.ENCRYPTION_KEY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> data.read(DataDirectory.ENCRYPTION_KEY))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("hunter2");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static Optional<String> text(Optional<Confidential> secret) {
    return secret.map(s -> s.lend(String::new));
  }
}
