package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.host.DataDirectory;
import io.claviger.host.FileOwner;
import java.io.IOException;
import java.nio.file.Path;
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
        finding -> shown.add(finding.shown()));

    assertThat(shown).hasSize(1);
    assertThat(shown.get(0))
        .startsWith("FAIL  data_directory")
        .contains("does not belong to the user of this process");
  }

  @Test
  void a_directory_of_this_user_is_in_order() {
    Path directory = DataDirectory.open(parent.resolve("data")).path();
    List<String> shown = new ArrayList<>();

    DataDirectoryExamination.of(directory, finding -> shown.add(finding.shown()));

    assertThat(shown).hasSize(1);
    assertThat(shown.get(0)).startsWith("ok    data_directory");
  }
}
