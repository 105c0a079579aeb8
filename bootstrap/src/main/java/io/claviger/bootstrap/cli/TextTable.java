package io.claviger.bootstrap.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of text. Each column is as wide as its longest value. */
final class TextTable {
  private final List<String> heads = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private final List<List<String>> lines = new ArrayList<>();

  /**
   * @param heads the columns' heads; {@code >} before a head aligns its column to the right, for
   *     numbers
   */
  TextTable(String... heads) {
    for (String head : heads) {
      right.add(head.startsWith(">"));
      this.heads.add(head.startsWith(">") ? head.substring(1) : head);
    }
  }

  TextTable with(List<List<String>> more) {
    lines.addAll(more);
    return this;
  }

  void print(PrintWriter out) {
    if (lines.isEmpty()) {
      out.println("  none");
      return;
    }
    print(heads, out);
    lines.forEach(line -> print(line, out));
  }

  private void print(List<String> line, PrintWriter out) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < heads.size(); column++) {
      String padding = " ".repeat(width(column) - line.get(column).length());
      text.append("  ")
          .append(right.get(column) ? padding + line.get(column) : line.get(column) + padding);
    }
    out.println(text.toString().stripTrailing());
  }

  private int width(int column) {
    return Math.max(
        heads.get(column).length(),
        lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0));
  }
}
