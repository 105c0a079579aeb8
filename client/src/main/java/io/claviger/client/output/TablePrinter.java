package io.claviger.client.output;

import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Prints a table of a list's items, page by page. The items on the first page determine the widths
 * of the columns. On a terminal, long texts are cut off so that the table fits, except in columns
 * that are shown in full. If the table still does not fit, each item is printed as a paragraph with
 * a line for each column. If the output is not a terminal, no text is cut off.
 */
public final class TablePrinter {
  private static final String GAP = "  ";

  /** A column whose texts may be cut off is never made narrower than this width. */
  private static final int NARROWEST = 6;

  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final List<Column> columns;
  private final OptionalInt terminal;
  private final boolean colours;
  private int[] widths = {};
  private boolean paragraphs;

  public TablePrinter(
      PrintWriter out, List<Column> columns, OptionalInt terminal, boolean colours) {
    this.out = out;
    this.columns = List.copyOf(columns);
    this.terminal = terminal;
    this.colours = colours;
  }

  private record Cell(String text, Tone tone) {}

  public void print(List<JsonNode> items) {
    List<List<Cell>> rows = items.stream().map(this::row).toList();
    if (widths.length == 0) {
      widths = widths(rows);
      if (!paragraphs) {
        String heads =
            line(columns.stream().map(each -> new Cell(each.head(), Tone.PLAIN)).toList());
        out.println(colours ? BOLD + heads + PLAIN : heads);
      }
    }
    rows.forEach(paragraphs ? this::printParagraph : row -> out.println(line(row)));
    out.flush();
  }

  private List<Cell> row(JsonNode item) {
    return columns.stream()
        .map(
            column ->
                new Cell(
                    TerminalText.line(column.text().apply(item)),
                    colours ? column.tone().apply(item) : Tone.PLAIN))
        .toList();
  }

  private int[] widths(List<List<Cell>> rows) {
    int[] natural =
        IntStream.range(0, columns.size())
            .map(
                n ->
                    Math.max(
                        TerminalText.width(columns.get(n).head()),
                        rows.stream()
                            .mapToInt(row -> TerminalText.width(row.get(n).text()))
                            .max()
                            .orElse(0)))
            .toArray();
    if (terminal.isPresent()) {
      paragraphs = !fit(natural, terminal.getAsInt() - GAP.length() * (columns.size() - 1));
    }
    return natural;
  }

  /**
   * Makes columns narrower until all of them fit: in each step, the widest of the columns whose
   * texts may be cut off. Returns false if the columns can't fit.
   */
  private boolean fit(int[] wanted, int room) {
    while (IntStream.of(wanted).sum() > room) {
      int widest = -1;
      for (int n = 0; n < wanted.length; n++) {
        boolean wider = widest < 0 || wanted[n] > wanted[widest];
        if (!columns.get(n).whole() && wanted[n] > NARROWEST && wider) {
          widest = n;
        }
      }
      if (widest < 0) {
        return false;
      }
      wanted[widest]--;
    }
    return true;
  }

  private String line(List<Cell> cells) {
    StringBuilder line = new StringBuilder();
    String blanks = ""; // written before the next text, so that no line ends with blanks
    for (int n = 0; n < widths.length; n++) {
      String text = cells.get(n).text();
      String shown =
          terminal.isPresent() && !columns.get(n).whole()
              ? TerminalText.cut(text, widths[n])
              : text;
      String pad = " ".repeat(Math.max(0, widths[n] - TerminalText.width(shown)));
      blanks += (n == 0 ? "" : GAP) + (columns.get(n).number() ? pad : "");
      if (!shown.isEmpty()) {
        line.append(blanks).append(cells.get(n).tone().of(shown));
        blanks = "";
      }
      blanks += columns.get(n).number() ? "" : pad;
    }
    return line.toString();
  }

  private void printParagraph(List<Cell> cells) {
    for (int n = 0; n < cells.size(); n++) {
      Cell cell = cells.get(n);
      if (!cell.text().isEmpty() && !cell.text().equals("-")) {
        String head = columns.get(n).head();
        out.println((head.isEmpty() ? "" : head + " ") + cell.tone().of(cell.text()));
      }
    }
    out.println();
  }
}
