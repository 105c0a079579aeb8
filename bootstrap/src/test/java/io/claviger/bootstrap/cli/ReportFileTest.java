package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason;
import io.claviger.testkit.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
  private static final String SOURCE = "a database";
  private static final UUID RUN = new UUID(1, 2);

  @TempDir private Path directory = Path.of("");

  private static ImportReport report(int remarks) {
    return new ImportReport(
        false,
        SOURCE,
        Map.of(),
        Collections.nCopies(
            remarks, new ReportEntry(ImportedKind.USER, "alice", ReportReason.DUPLICATE, "")),
        Optional.of(RUN),
        false);
  }

  @Test
  void imports_that_begin_at_the_same_time_are_the_same_run() {
    Path file = directory.resolve("report.json");
    List<UUID> runs =
        Race.of(16, n -> ReportFile.open(file).runFrom(SOURCE, UUID.randomUUID(), false), 1);

    assertThat(runs.stream().distinct()).containsExactly(ReportFile.readRun(file).id());
  }

  @Test
  void a_report_that_does_not_fit_on_the_disk_leaves_the_run_in_the_file() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a disk");
    assumeTrue(ended("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk.toString()));
    try {
      Path file = disk.resolve("report.json");
      ReportFile opened = ReportFile.open(file);
      assertThat(opened.runFrom(SOURCE, RUN, false)).isEqualTo(RUN);

      assertThatThrownBy(() -> opened.write(report(1_000)))
          .isInstanceOf(StartRefused.class)
          .hasMessageEndingWith("report.json: no space left on device");

      assertThat(ReportFile.readRun(file)).isEqualTo(new ReportFile.Run(SOURCE, RUN));
      opened.write(report(1));
      assertThat(ReportFile.readRun(file)).isEqualTo(new ReportFile.Run(SOURCE, RUN));
    } finally {
      assertThat(ended("umount", disk.toString())).isTrue();
    }
  }

  private static boolean ended(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  @Test
  void a_shorter_report_replaces_a_longer_one_behind_a_link_and_keeps_its_permissions()
      throws Exception {
    Path target = Files.createFile(directory.resolve("target.json"));
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), target);
    Path unused =
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
    ReportFile.open(link).write(report(100));
    long longer = Files.size(target);

    ReportFile.open(link).write(report(1));

    assertThat(Files.size(target)).isLessThan(longer);
    assertThat(Files.readString(target)).endsWith("}");
    assertThat(link).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-r-----");
    ReportFile.open(Path.of("/dev/null")).write(report(1));
  }

  @Test
  void only_the_owner_reads_a_new_report() throws Exception {
    Path file = directory.resolve("report.json");
    ReportFile.open(file).write(report(1));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_report_about_undoing_a_run_replaces_no_other_report() throws Exception {
    Path file = directory.resolve("report.json");
    ReportFile opened = ReportFile.open(file);
    opened.requireFor(new ReportFile.Run(SOURCE, RUN));
    opened.write(report(1));
    opened.requireFor(new ReportFile.Run(SOURCE, RUN));

    assertThatThrownBy(() -> opened.requireFor(new ReportFile.Run(SOURCE, new UUID(3, 4))))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("is the report of another import");
    assertThatThrownBy(() -> opened.requireFor(new ReportFile.Run("another database", RUN)))
        .isInstanceOf(StartRefused.class);
    Path notes = Files.writeString(directory.resolve("notes.txt"), "not to be lost");
    assertThatThrownBy(() -> ReportFile.open(notes).requireFor(new ReportFile.Run(SOURCE, RUN)))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("is not the report of an import");
  }

  @Test
  void a_directory_is_refused_with_the_reason() {
    assertThatThrownBy(() -> ReportFile.open(directory))
        .isInstanceOf(StartRefused.class)
        .hasMessageEndingWith("is a directory");
  }
}
