package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.cli.DoctorCommand;
import io.claviger.host.DataDirectory;
import io.claviger.host.FileOwner;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryExaminationTest {
  @TempDir private Path parent = Path.of("");

  @Test
  void a_directory_of_another_user_is_a_failure() throws IOException {
    Path directory = DataDirectory.open(parent.resolve("data")).path();
    List<String> shown = new ArrayList<>();

    DataDirectoryExamination.of(
        directory,
        new FileOwner(FileOwner.uidOf(directory) + 1),
        path -> false,
        finding -> shown.add(DoctorCommand.line(finding)));

    assertThat(shown).hasSize(1);
    assertThat(shown.get(0))
        .startsWith("FAIL  data_directory")
        .contains("does not belong to the user of this process");
  }

  @Test
  void a_directory_that_no_start_could_make_is_a_failure() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");
    List<String> shown = new ArrayList<>();

    boolean usable =
        DataDirectoryExamination.of(
            file.resolve("deep").resolve("data"),
            finding -> shown.add(DoctorCommand.line(finding)));

    assertThat(usable).isFalse();
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  data_directory")
        .endsWith("data can't be made: " + file + " is no directory");
  }

  @Test
  void a_directory_whose_name_is_too_long_is_a_failure() {
    Path directory = parent.resolve("new").resolve("x".repeat(256)).resolve("data");
    List<String> shown = new ArrayList<>();

    boolean usable =
        DataDirectoryExamination.of(directory, finding -> shown.add(DoctorCommand.line(finding)));

    assertThat(usable).isFalse();
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  data_directory")
        .endsWith("can't be made: File name too long");
  }

  /** The user root may search every directory, so this test creates the exceptions itself. */
  @Test
  void a_directory_that_can_not_be_searched_is_no_fault_of_the_names_in_it() {
    assertThat(DataDirectoryExamination.reason(new AccessDeniedException("/root/data"))).isEmpty();
    assertThat(DataDirectoryExamination.reason(new NoSuchFileException("/root/data"))).isEmpty();
    assertThat(DataDirectoryExamination.reason(new IOException("disk"))).contains("IOException");
  }

  /** On a file system that is mounted read-only, even root may not write. */
  @Test
  void a_directory_that_can_not_be_written_is_a_failure() throws IOException {
    Path directory = DataDirectory.open(parent.resolve("data")).path();
    List<String> shown = new ArrayList<>();

    boolean usable =
        DataDirectoryExamination.of(
            directory,
            FileOwner.ofThisProcess(),
            path -> false,
            finding -> shown.add(DoctorCommand.line(finding)));

    assertThat(usable).isFalse();
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  data_directory")
        .endsWith("can't be written: look whether its file system is read-only");
  }

  /** Opening the directory would close it, so that the next examination would find no fault. */
  @Test
  void an_open_directory_is_not_usable_as_it_is() throws IOException {
    Path directory = DataDirectory.open(parent.resolve("data")).path();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> shown = new ArrayList<>();

    assertThat(
            DataDirectoryExamination.of(
                directory, finding -> shown.add(DoctorCommand.line(finding))))
        .isFalse();
    assertThat(shown).singleElement().asString().contains("is open to others (rwxr-xr-x)");
  }

  @Test
  void a_directory_that_its_owner_can_not_write_is_not_opened() throws IOException {
    Path directory = DataDirectory.open(parent.resolve("data")).path();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
    List<String> shown = new ArrayList<>();

    assertThat(
            DataDirectoryExamination.of(
                directory, finding -> shown.add(DoctorCommand.line(finding))))
        .isFalse();
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("warn  data_directory")
        .endsWith("lacks permissions for its owner (r-x------): chmod 700 it, as a start does");
  }

  @Test
  void a_directory_of_this_user_is_in_order() {
    Path directory = DataDirectory.open(parent.resolve("data")).path();
    List<String> shown = new ArrayList<>();

    DataDirectoryExamination.of(directory, finding -> shown.add(DoctorCommand.line(finding)));

    assertThat(shown).hasSize(1);
    assertThat(shown.get(0)).startsWith("ok    data_directory");
  }
}
