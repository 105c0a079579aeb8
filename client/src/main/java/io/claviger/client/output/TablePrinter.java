package io.claviger.client.output;

import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Prints a table page by page. The first page decides how wide the columns are. On a terminal the
 * table fits its width, and longer texts are cut off. Elsewhere nothing is cut off.
 */
final class TablePrinter {
  private static final String GAP = "  ";
  private static final int NARROWEST = 6;
  private static final String CUT = "\u2026";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final List<Column> columns;
  private final OptionalInt terminal;
  private final boolean colours;
  private int[] widths = {};

  TablePrinter(PrintWriter out, List<Column> columns, OptionalInt terminal, boolean colours) {
    this.out = out;
    this.columns = List.copyOf(columns);
    this.terminal = terminal;
    this.colours = colours;
  }

  void print(List<JsonNode> items) {
    List<List<String>> rows = items.stream().map(this::row).toList();
    if (widths.length == 0) {
      widths = widths(rows);
      String heads = line(columns.stream().map(Column::head).toList());
      out.println(colours ? BOLD + heads + PLAIN : heads);
    }
    rows.forEach(row -> out.println(line(row)));
    out.flush();
  }

  private List<String> row(JsonNode item) {
    return columns.stream().map(column -> TerminalText.line(column.text().apply(item))).toList();
  }

  private int[] widths(List<List<String>> rows) {
    int[] natural =
        IntStream.range(0, columns.size())
            .map(
                n ->
                    Math.max(
                        columns.get(n).head().length(),
                        rows.stream().mapToInt(row -> length(row.get(n))).max().orElse(0)))
            .toArray();
    if (terminal.isPresent()) {
      fit(natural, terminal.getAsInt() - GAP.length() * (columns.size() - 1));
    }
    return natural;
  }

  /** Narrows the widest column until all columns fit. */
  private static void fit(int[] widths, int room) {
    while (IntStream.of(widths).sum() > room) {
      int widest = 0;
      for (int n = 1; n < widths.length; n++) {
        widest = widths[n] > widths[widest] ? n : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
    }
  }

  private String line(List<String> texts) {
    StringBuilder line = new StringBuilder();
    for (int n = 0; n < widths.length; n++) {
      String text = terminal.isPresent() ? cut(texts.get(n), widths[n]) : texts.get(n);
      String pad = " ".repeat(Math.max(0, widths[n] - length(text)));
      line.append(n == 0 ? "" : GAP).append(columns.get(n).number() ? pad + text : text + pad);
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String text, int width) {
    return length(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + CUT;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
