package io.claviger.bootstrap.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** Prints a table. Each column is as wide as its longest text. */
final class AlignedTable {
  private static final int INDENT = 2;

  private AlignedTable() {}

  /**
   * @param heads the headings of the columns; a heading that begins with {@code >} marks a column
   *     of numbers, which are right-aligned
   * @param lines the lines, each with a text for every column; if there are no lines, the word
   *     "none" is printed
   */
  static void print(PrintWriter out, List<String> heads, List<List<String>> lines) {
    if (lines.isEmpty()) {
      out.println("  none");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(heads.stream().map(head -> isRight(head) ? head.substring(1) : head).toList());
    rows.addAll(lines);
    int[] widths = IntStream.range(0, heads.size()).map(column -> width(rows, column)).toArray();
    TextTable table =
        TextTable.forColumns(
            Help.defaultColorScheme(Ansi.OFF),
            IntStream.of(widths)
                .mapToObj(width -> new Column(INDENT + width, INDENT, Column.Overflow.TRUNCATE))
                .toArray(Column[]::new));
    for (List<String> row : rows) {
      table.addRowValues(
          IntStream.range(0, widths.length)
              .mapToObj(
                  column ->
                      isRight(heads.get(column))
                          ? " ".repeat(widths[column] - row.get(column).length()) + row.get(column)
                          : row.get(column))
              .toArray(String[]::new));
    }
    out.print(table);
  }

  private static boolean isRight(String head) {
    return head.startsWith(">");
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
