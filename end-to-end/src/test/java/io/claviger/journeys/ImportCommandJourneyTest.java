package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code import dhamps}, as a process. Its output contains no key. */
@Tag("thorough")
class ImportCommandJourneyTest {
  /** Every key of the source databases contains the first of these texts. */
  private static final List<String> NEVER =
      List.of("-legacy-", ForeignDatabase.LEGACY_KEY, Journey.ENCRYPTION_KEY);

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();

  @ParameterizedTest
  @CsvSource({"before, 3", "refactored, 3", "renamed, 0"})
  void a_dry_run_and_the_real_one_report_the_same_and_no_key(String shape, int exitCode)
      throws Exception {
    try (ForeignDatabase old = ForeignDatabase.dhamps(shape)) {
      String source = old.dump();
      Path dry = directory.resolve("dry.json");
      Path real = directory.resolve("real.json");

      String dryText = run(old, exitCode, dry, "--dry-run");
      assertThat(journey.column("select 1 from instances")).isEmpty();
      String realText = run(old, exitCode, real);

      assertThat(dryText).startsWith("Dry run: nothing was changed.");
      assertThat(realText).startsWith("Imported:");
      assertThat(withoutFirstLine(dryText)).isEqualTo(withoutFirstLine(realText));
      assertThat(
              withoutRun(Files.readString(dry))
                  .replace("\"dry_run\" : true", "\"dry_run\" : false"))
          .isEqualTo(withoutRun(Files.readString(real)));
      assertThat(old.dump()).isEqualTo(source);
      for (String said :
          List.of(dryText, Files.readString(dry), Files.readString(real), journey.everything())) {
        assertThat(said).doesNotContain(NEVER);
      }
    }
  }

  private static String withoutRun(String report) {
    return report.replaceFirst("\"run\" : \"[^\"]*\"", "");
  }

  private static String withoutFirstLine(String text) {
    return text.substring(text.indexOf('\n'));
  }

  private String run(ForeignDatabase old, int exitCode, Path report, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "import",
                "dhamps",
                "--from",
                old.url(),
                "--legacy-key-file",
                new DhampsImports(journey, directory)
                    .keyFile(ForeignDatabase.LEGACY_KEY)
                    .toString(),
                "--report",
                report.toString()));
    arguments.addAll(List.of(more));
    CommandResult result =
        Commands.run(journey.environment(), arguments.toArray(String[]::new)).ended(exitCode);
    assertThat(result.errors()).doesNotContain(NEVER);
    return String.join("\n", result.printed());
  }
}
