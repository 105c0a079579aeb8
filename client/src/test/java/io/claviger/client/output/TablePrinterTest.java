package io.claviger.client.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TablePrinterTest {
  private static final List<Column> COLUMNS =
      List.of(Column.of("NAME", "name"), Column.number("COUNT", "count"));

  private static JsonNode item(String name, int count) {
    return JsonTrees.object().put("name", name).put("count", count);
  }

  private static List<String> printed(OptionalInt columns, List<List<JsonNode>> pages) {
    StringWriter out = new StringWriter();
    TablePrinter table = new TablePrinter(new PrintWriter(out), COLUMNS, columns, false);
    pages.forEach(table::print);
    return out.toString().lines().toList();
  }

  @Test
  void columns_are_as_wide_as_the_first_page_needs_and_numbers_end_alike() {
    assertThat(
            printed(
                OptionalInt.empty(),
                List.of(
                    List.of(item("one", 1), item("three", 12_345_678)),
                    List.of(item("longer-than-all", 2)))))
        .containsExactly(
            "NAME      COUNT", "one           1", "three  12345678", "longer-than-all         2");
  }

  @Test
  void on_a_terminal_nothing_is_wider_than_it() {
    assertThat(
            printed(
                OptionalInt.of(20),
                List.of(List.of(item("a-name-that-is-long", 1)), List.of(item("x".repeat(90), 2)))))
        .allMatch(line -> line.length() <= 20)
        .contains("a-name-that-\u2026      1");
  }

  @Test
  void a_text_can_not_control_the_terminal() {
    assertThat(printed(OptionalInt.empty(), List.of(List.of(item("a\u001b[2J\nb\u202e", 1)))))
        .hasSize(2)
        .noneMatch(line -> line.contains("\u001b") || line.contains("\u202e"));
  }
}
