package io.claviger.client.output;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Prints lists while they arrive from the server: as a table, as a JSON array, or only the items'
 * names.
 */
public final class ListPrinter {
  private final PrintWriter out;
  private final ProgramContext context;

  public ListPrinter(PrintWriter out, ProgramContext context) {
    this.out = out;
    this.context = context;
  }

  /**
   * Prints a table, or the word "none" if the list is empty.
   *
   * @param columns the columns; the first column names the item
   */
  public void printTable(Iterable<List<JsonNode>> pages, List<Column> columns) {
    TablePrinter table =
        new TablePrinter(out, columns, context.terminal().columns(), context.colours());
    boolean any = false;
    for (List<JsonNode> page : pages) {
      if (!page.isEmpty()) {
        table.print(page);
        any = true;
      }
      if (out.checkError()) {
        return; // the reader has closed the pipe, as head does
      }
    }
    if (!any) {
      out.println("none");
    }
  }

  /** Prints the names of all items, one per line. */
  public void printNames(Iterable<List<JsonNode>> pages, Column name) {
    for (List<JsonNode> page : pages) {
      page.forEach(item -> out.println(TerminalText.line(name.text().apply(item))));
      if (out.checkError()) {
        return;
      }
    }
  }

  public void printJson(Iterable<List<JsonNode>> pages) {
    String before = "[\n";
    for (List<JsonNode> page : pages) {
      for (JsonNode item : page) {
        out.print(before);
        out.print(JsonTrees.pretty(item));
        before = ",\n";
      }
      if (out.checkError()) {
        return;
      }
    }
    out.println(before.startsWith("[") ? "[]" : "\n]");
  }
}
