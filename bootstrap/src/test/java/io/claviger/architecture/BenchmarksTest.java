package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The build does not run the benchmarks. So without these tests, nobody would notice if a class or
 * a constant that the benchmarks name were renamed.
 */
class BenchmarksTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CLASS =
      Pattern.compile("\\bio\\.claviger\\.((?:[a-z]\\w*\\.)+[A-Z]\\w*)");
  private static final Pattern CONSTANT =
      Pattern.compile("constant\\(\"([\\w.]+)(?:\\$(\\w+))?\\.([A-Z_]+)\"\\)");
  private static final Pattern METHOD = Pattern.compile("statement\\(\"([^\"]+)\", \"([^\"]+)\"");
  private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)");

  @Test
  void every_class_that_a_benchmark_names_exists() throws IOException {
    List<Path> sources = sources();
    Map<Path, String> scripts = scripts();

    assertThat(found(scripts, CLASS))
        .hasSizeGreaterThan(10)
        .allMatch(name -> exists(sources, name.group(1).replace('.', '/')));
    assertThat(found(scripts, TEST)).isNotEmpty().allMatch(name -> exists(sources, name.group(1)));
  }

  @Test
  void no_test_that_a_benchmark_runs_is_left_out_because_of_its_tag() throws IOException {
    List<Path> sources = sources();

    assertThat(scripts().values())
        .allSatisfy(
            script ->
                assertThat(TEST.matcher(script).results())
                    .allMatch(
                        name ->
                            script.contains("-Dtests.left.out=nothing")
                                || sources.stream()
                                    .filter(source -> source.endsWith(name.group(1) + ".java"))
                                    .noneMatch(source -> text(source).contains("@Tag("))));
  }

  @Test
  void every_statement_that_a_benchmark_reads_exists() throws IOException {
    Map<Path, String> scripts = scripts();
    Path persistence = ROOT.resolve("adapters-persistence/src/main/java/io/claviger/persistence");

    assertThat(found(scripts, CONSTANT))
        .isNotEmpty()
        .allSatisfy(
            name -> {
              String outer = text(persistence.resolve(name.group(1).replace('.', '/') + ".java"));
              String inner = name.group(2) == null ? "" : "class " + name.group(2);
              assertThat(outer.substring(Math.max(0, outer.indexOf(inner))))
                  .contains(inner, "static final String " + name.group(3) + " =");
            });
    assertThat(found(scripts, METHOD))
        .isNotEmpty()
        .allSatisfy(
            name -> assertThat(text(persistence.resolve(name.group(1)))).contains(name.group(2)));
  }

  private static List<MatchResult> found(Map<Path, String> scripts, Pattern pattern) {
    return scripts.values().stream().flatMap(text -> pattern.matcher(text).results()).toList();
  }

  private static boolean exists(List<Path> sources, String name) {
    return sources.stream().anyMatch(source -> source.endsWith(Path.of(name + ".java")));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src"))
          .filter(Files::isDirectory)
          .flatMap(BenchmarksTest::files)
          .toList();
    }
  }

  private static Map<Path, String> scripts() {
    return files(ROOT.resolve("benchmarks"))
        .filter(
            file -> !file.toString().contains("/results/") && !file.toString().contains("/target/"))
        .collect(Collectors.toMap(file -> file, BenchmarksTest::text));
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
