package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all templates. */
class TemplatesTest {
  private static final Pattern TABLE = Pattern.compile("<table[^>]*>\\s*(\\S+)");
  private static final Pattern INVALID = Pattern.compile("aria-invalid=\"[^>]*");

  static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/jte"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void every_table_has_a_caption(Path template) throws IOException {
    Matcher table = TABLE.matcher(Files.readString(template));
    while (table.find()) {
      assertThat(table.group(1)).startsWith("<caption");
    }
  }

  /** Of several fields with this attribute, browsers focus the first, also without scripts. */
  @ParameterizedTest
  @MethodSource("templates")
  void every_field_that_may_be_faulty_takes_the_focus(Path template) throws IOException {
    Matcher field = INVALID.matcher(Files.readString(template));
    while (field.find()) {
      assertThat(field.group()).contains("autofocus=\"${form.error(");
    }
  }
}
