package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The build formats alike on each JDK that Maven may run on. */
class FormatterTest {
  private static final Path POM = Path.of("..", "pom.xml");
  private static final Path RECORDED = Path.of("..", ".mvn", "checksums", "checksums.sha256");
  private static final Pattern VERSION =
      Pattern.compile("<google-java-format.version>1\\.(\\d+)\\.0</google-java-format.version>");

  @Test
  void there_is_a_formatter_for_jdk_17_and_one_for_jdk_25_and_both_are_recorded()
      throws IOException {
    List<Integer> versions =
        VERSION
            .matcher(Files.readString(POM))
            .results()
            .map((MatchResult found) -> Integer.valueOf(found.group(1)))
            .toList();
    assertThat(versions).hasSize(2);
    assertThat(versions.get(0)).as("runs on JDK 17").isLessThan(29);
    assertThat(versions.get(1)).as("is accepted on JDK 25").isGreaterThanOrEqualTo(30);
    String recorded = Files.readString(RECORDED);
    assertThat(versions)
        .allSatisfy(
            version ->
                assertThat(recorded).contains("google-java-format-1.%d.0.jar".formatted(version)));
  }

  /**
   * For this step, Spotless would choose a version of the formatter by the JDK, and the checksum of
   * this version is not recorded.
   */
  @Test
  void no_step_brings_a_formatter_of_its_own() throws IOException {
    assertThat(Files.readString(POM)).doesNotContain("<removeUnusedImports/>");
  }
}
