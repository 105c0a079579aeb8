package io.claviger.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relative links of the documentation lead to files and headings that exist. */
class DocumentLinksTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^\\s*```.*?^\\s*```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*?) *$");

  @Test
  void every_relative_link_resolves() throws IOException {
    List<Path> documents;
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> pages = Files.walk(ROOT.resolve("docs"));
        Stream<Path> benchmarks = Files.walk(ROOT.resolve("benchmarks"), 2)) {
      documents =
          Stream.of(top, pages, benchmarks)
              .flatMap(files -> files)
              .filter(file -> file.toString().endsWith(".md"))
              .toList();
    }
    assertThat(documents).hasSizeGreaterThan(50);
    assertThat(documents.stream().flatMap(DocumentLinksTest::broken)).isEmpty();
  }

  @Test
  void a_link_to_no_file_or_to_no_heading_is_found(@TempDir Path folder) throws IOException {
    Path page = Files.writeString(folder.resolve("page.md"), "[a](other.md#which-one) [b](no.md)");
    Files.writeString(folder.resolve("other.md"), "# Which *one*?\n```\n# not this\n```\n");
    Path other = Files.writeString(folder.resolve("last.md"), "[c](other.md#not-this) [d](#e)");

    assertThat(broken(page)).containsExactly(page + ": no.md");
    assertThat(broken(other)).containsExactly(other + ": other.md#not-this", other + ": #e");
  }

  private static Stream<String> broken(Path document) {
    return LINK.matcher(text(document))
        .results()
        .map((MatchResult found) -> found.group(1))
        .filter(link -> !link.matches("[a-z]+:.*") && !resolves(document, link))
        .map(link -> document + ": " + link);
  }

  private static boolean resolves(Path document, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
    return Files.exists(target)
        && (parts.length == 1 || Files.isRegularFile(target) && anchors(target).contains(parts[1]));
  }

  /** Returns the anchors of a page's headings, as GitHub makes them. */
  private static Set<String> anchors(Path document) {
    return HEADING
        .matcher(text(document))
        .results()
        .map(
            heading ->
                heading
                    .group(1)
                    .replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String text(Path document) {
    try {
      return CODE_BLOCK.matcher(Files.readString(document)).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
