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
    return printed(COLUMNS, columns, pages);
  }

  private static List<String> printed(
      List<Column> shown, OptionalInt columns, List<List<JsonNode>> pages) {
    StringWriter out = new StringWriter();
    TablePrinter table = new TablePrinter(new PrintWriter(out), shown, columns, false);
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

  @Test
  void wide_characters_take_two_columns_and_marks_none() {
    List<String> lines =
        printed(
            OptionalInt.of(40),
            List.of(List.of(item("日本語のサービス", 1), item("e\u0301te\u0301", 22), item("🔑 key", 3))));

    assertThat(lines)
        .containsExactly(
            "NAME              COUNT",
            "日本語のサービス      1",
            "e\u0301te\u0301                  22",
            "🔑 key                3");
  }

  @Test
  void a_wide_character_is_cut_off_whole() {
    assertThat(printed(OptionalInt.of(14), List.of(List.of(item("日本語のサービス", 1)))))
        .containsExactly("NAME     COUNT", "日本語…      1");
  }

  @Test
  void numbers_are_never_cut_off() {
    assertThat(printed(OptionalInt.of(18), List.of(List.of(item("a-long-name", 1_234_567_890)))))
        .contains("a-lon…  1234567890");
  }

  @Test
  void a_text_by_which_people_decide_is_never_cut_off() {
    List<Column> columns =
        List.of(Column.of("NAME", "name"), Column.of("VALUES", "values").inFull());
    JsonNode fits = JsonTrees.object().put("name", "a-long-name").put("values", "A, B, C");
    JsonNode longer = JsonTrees.object().put("name", "b").put("values", "D".repeat(90));

    assertThat(printed(columns, OptionalInt.of(16), List.of(List.of(fits), List.of(longer))))
        .containsExactly("NAME     VALUES", "a-long…  A, B, C", "b        " + "D".repeat(90));
    assertThat(printed(columns, OptionalInt.of(16), List.of(List.of(longer))))
        .containsExactly("NAME b", "VALUES " + "D".repeat(90), "");
  }

  @Test
  void what_does_not_fit_a_narrow_terminal_is_printed_as_paragraphs() {
    assertThat(printed(OptionalInt.of(12), List.of(List.of(item("a-long-name", 12), item("b", 3)))))
        .containsExactly("NAME a-long-name", "COUNT 12", "", "NAME b", "COUNT 3", "");
  }

  @Test
  void colours_say_what_the_text_says_and_move_no_column() {
    StringWriter out = new StringWriter();
    List<Column> columns =
        List.of(
            Column.of("NAME", "name").meaning(item -> Tone.GOOD),
            Column.number("COUNT", "count").caringUnlessZero());
    new TablePrinter(new PrintWriter(out), columns, OptionalInt.of(40), true)
        .print(List.of(item("one", 0), item("three", 7)));

    assertThat(out.toString().lines())
        .containsExactly(
            "\u001b[1mNAME   COUNT\u001b[0m",
            "\u001b[32mone\u001b[0m        0",
            "\u001b[32mthree\u001b[0m      \u001b[33m7\u001b[0m");
  }
}
