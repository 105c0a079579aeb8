package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each promise in the documents names tests, and these tests exist. */
class SecurityPromisesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)`");

  @ParameterizedTest
  @ValueSource(strings = {"SECURITY.md", "docs/lessons.md"})
  void every_test_that_is_named_exists(String document) throws IOException {
    assertThat(missing(Files.readString(ROOT.resolve(document)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SECURITY.md", "docs/lessons.md"})
  void every_row_names_a_test(String document) throws IOException {
    List<String> rows =
        Files.readString(ROOT.resolve(document))
            .lines()
            .filter(line -> line.startsWith("| "))
            .skip(1)
            .toList();
    assertThat(rows).hasSizeGreaterThan(10);
    assertThat(rows).allMatch(row -> TEST.matcher(row).find());
  }

  @Test
  void a_test_that_does_not_exist_is_found_missing() {
    assertThat(missing("| promise | `NoSuchPromiseTest` `SecretTest` |"))
        .containsExactly("NoSuchPromiseTest");
  }

  private static Set<String> missing(String document) {
    Set<String> named =
        TEST.matcher(document)
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isNotEmpty();
    named.removeAll(tests());
    return named;
  }

  private static Set<String> tests() {
    Set<String> tests = new HashSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path sources = module.resolve("src").resolve("test").resolve("java");
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            files
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> name.endsWith("Test.java"))
                .forEach(name -> tests.add(name.substring(0, name.length() - 5)));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tests;
  }
}
