package io.claviger.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlignedTableTest {
  @Test
  void columns_are_as_wide_as_their_longest_text_and_numbers_are_on_the_right() {
    assertThat(
            printed(
                List.of("id", "state", ">API keys", ">headers", "here"),
                List.of(
                    List.of("3f1c9a02", "live", "12,345,678,901", "0", "first: seals"),
                    List.of("9b44d7e1", "retired", "7", "0", "no"))))
        .isEqualTo(
            """
              id        state          API keys  headers  here
              3f1c9a02  live     12,345,678,901        0  first: seals
              9b44d7e1  retired               7        0  no
            """);
  }

  @Test
  void lines_do_not_end_in_spaces() {
    assertThat(printed(List.of("name", "holds"), List.of(List.of("a", ""), List.of("b c", "x y"))))
        .isEqualTo("  name  holds\n  a\n  b c   x y\n");
  }

  @Test
  void texts_are_never_wrapped_or_cut() {
    String text = "word ".repeat(80).strip();

    assertThat(printed(List.of("a", "b"), List.of(List.of(text, text))))
        .isEqualTo("  a" + " ".repeat(text.length() - 1) + "  b\n  " + text + "  " + text + "\n");
  }

  @Test
  void a_table_without_lines_says_so() {
    assertThat(printed(List.of("a", "b"), List.of())).isEqualTo("  none\n");
  }

  private static String printed(List<String> heads, List<List<String>> lines) {
    StringWriter written = new StringWriter();
    try (PrintWriter out = new PrintWriter(written)) {
      AlignedTable.print(out, heads, lines);
    }
    return written.toString().replace(System.lineSeparator(), "\n");
  }
}
