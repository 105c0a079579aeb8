package io.claviger.client.listings;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.output.TablePrinter;
import io.claviger.client.output.Tone;
import io.claviger.client.text.TerminalText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Sums up, sorts and draws the usage of the last minute. */
final class TopView {
  private static final String KEYS =
      "sort: s service  p person  r running  c calls  t tokens  d dollars   b sum by   q quit";
  private static final String NOTHING =
      "No call is running, and none ended within the last minute.";

  private final boolean colours;
  private Order order = Order.RUNNING;
  private Sum sum = Sum.BOTH;

  TopView(boolean colours) {
    this.colours = colours;
  }

  /** The ways of summing up calls. */
  private enum Sum {
    BOTH,
    SERVICE,
    PERSON;

    Sum next() {
      return switch (this) {
        case BOTH -> SERVICE;
        case SERVICE -> PERSON;
        case PERSON -> BOTH;
      };
    }
  }

  /**
   * The orders for sorting rows. The user presses a key to choose an order. Names are sorted in
   * ascending order, numbers in descending order.
   */
  private enum Order {
    SERVICE('s', Comparator.comparing(Row::service)),
    PERSON('p', Comparator.comparing(Row::person)),
    RUNNING('r', Comparator.comparingLong(Row::running).reversed()),
    CALLS('c', Comparator.comparingLong(Row::calls).reversed()),
    TOKENS('t', Comparator.comparingLong(Row::tokens).reversed()),
    DOLLARS('d', Comparator.comparing(Row::dollars).reversed());

    /** The order of those rows that the chosen order regards as equal. */
    private static final Comparator<Row> REST =
        RUNNING
            .rows
            .thenComparing(CALLS.rows)
            .thenComparing(SERVICE.rows)
            .thenComparing(PERSON.rows);

    private final char key;
    private final Comparator<Row> rows;

    Order(char key, Comparator<Row> rows) {
      this.key = key;
      this.rows = rows;
    }

    Comparator<Row> comparator() {
      return rows.thenComparing(REST);
    }

    String mark() {
      return this == SERVICE || this == PERSON ? " \u25b2" : " \u25bc";
    }
  }

  private record Row(
      String service,
      String person,
      long running,
      long calls,
      long refused,
      long input,
      long output,
      Optional<BigDecimal> cost) {
    static Row of(JsonNode item, Sum sum) {
      return new Row(
          sum == Sum.PERSON ? "" : service(item),
          sum == Sum.SERVICE ? "" : JsonTrees.text(item, "user"),
          item.path("running").asLong(0),
          item.path("calls").asLong(0),
          item.path("refused").asLong(0),
          item.path("input_tokens").asLong(0),
          item.path("output_tokens").asLong(0),
          JsonTrees.optional(item, "cost").flatMap(Row::decimal));
    }

    private static String service(JsonNode item) {
      String service = JsonTrees.text(item, "service");
      return JsonTrees.optional(item, "project")
          .filter(project -> !project.equals(service))
          .map(project -> service + " via " + project)
          .orElse(service);
    }

    private static Optional<BigDecimal> decimal(String text) {
      return text.matches("\\d{1,30}(\\.\\d{1,30})?")
          ? Optional.of(new BigDecimal(text))
          : Optional.empty();
    }

    Row plus(Row more) {
      return new Row(
          service,
          person,
          running + more.running,
          calls + more.calls,
          refused + more.refused,
          input + more.input,
          output + more.output,
          Stream.of(cost, more.cost).flatMap(Optional::stream).reduce(BigDecimal::add));
    }

    long tokens() {
      return input + output;
    }

    BigDecimal dollars() {
      return cost.orElse(BigDecimal.ZERO);
    }

    JsonNode json() {
      return JsonTrees.object()
          .put("service", service)
          .put("person", person)
          .put("running", number(running))
          .put("calls", number(calls))
          .put("refused", number(refused))
          .put("input", number(input))
          .put("output", number(output))
          .put("cost", cost.map(BigDecimal::toPlainString).orElse("-"));
    }
  }

  /**
   * Carries out the action for the key that the user pressed. Returns whether the screen changes.
   */
  boolean type(char key) {
    char small = Character.toLowerCase(key);
    if (small == 'b') {
      sum = sum.next();
      return true;
    }
    for (Order each : Order.values()) {
      if (each.key == small) {
        order = each;
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the lines for the whole screen. The last line shows the available keys.
   *
   * @param fault why there is no newer answer from the server; empty if the last answer is current
   */
  List<String> screen(
      String title, Optional<JsonNode> activity, String fault, int columns, int rows) {
    List<String> lines = new ArrayList<>();
    lines.add(TerminalText.cut(TerminalText.line(title), columns));
    if (!fault.isEmpty()) {
      lines.add(toned(Tone.BAD, TerminalText.cut(TerminalText.line(fault), columns)));
    }
    int room = Math.max(0, rows - lines.size() - 1);
    activity
        .map(seen -> lines(seen, OptionalInt.of(columns), room))
        .orElseGet(() -> fault.isEmpty() ? List.of("Waiting for the nodes' answers.") : List.of())
        .forEach(lines::add);
    while (lines.size() < rows - 1) {
      lines.add("");
    }
    lines.add(toned(Tone.QUIET, TerminalText.cut(KEYS, columns)));
    return lines;
  }

  /**
   * Returns a line with the totals, followed by the table of the summed-up calls.
   *
   * @param columns the width of the terminal in characters; if empty, no text is cut off
   * @param room the maximum number of lines to return
   */
  List<String> lines(JsonNode activity, OptionalInt columns, int room) {
    Map<List<String>, Row> sums = new LinkedHashMap<>();
    for (JsonNode item : activity.path("items").values()) {
      Row row = Row.of(item, sum);
      Row unused = sums.merge(List.of(row.service(), row.person()), row, Row::plus);
    }
    List<Row> rows = sums.values().stream().sorted(order.comparator()).toList();
    List<String> lines = new ArrayList<>();
    Optional<Row> all = rows.stream().reduce(Row::plus);
    String said = all.map(TopView::sentence).orElse(NOTHING);
    lines.add(columns.isPresent() ? TerminalText.cut(said, columns.getAsInt()) : said);
    if (rows.isEmpty()) {
      return lines;
    }
    lines.add("");
    table(rows, columns).forEach(lines::add);
    long leftOut = activity.path("left_out").asLong(0);
    boolean cut = lines.size() > room;
    if (cut || leftOut > 0) {
      int end = cut ? Math.max(0, room - 1) : lines.size();
      long more = leftOut + lines.size() - end;
      lines.subList(end, lines.size()).clear();
      lines.add(toned(Tone.QUIET, "and %s more".formatted(number(more))));
    }
    return lines;
  }

  private static String sentence(Row all) {
    return "%s running. Within the last minute: %s %s, %s refused, %s tokens, %s USD"
        .formatted(
            number(all.running()),
            number(all.calls()),
            all.calls() == 1 ? "call" : "calls",
            number(all.refused()),
            number(all.tokens()),
            all.cost().map(BigDecimal::toPlainString).orElse("-"));
  }

  private List<String> table(List<Row> rows, OptionalInt columns) {
    List<Column> shown = new ArrayList<>();
    if (sum != Sum.PERSON) {
      shown.add(Column.of(head("SERVICE", Order.SERVICE), "service"));
    }
    if (sum != Sum.SERVICE) {
      shown.add(Column.of(head("PERSON", Order.PERSON), "person"));
    }
    shown.add(
        Column.number(head("RUNNING", Order.RUNNING), "running")
            .meaning(row -> row.path("running").asString().equals("0") ? Tone.QUIET : Tone.GOOD));
    shown.add(Column.number(head("CALLS", Order.CALLS), "calls"));
    shown.add(Column.number("REFUSED", "refused").caringUnlessZero());
    shown.add(Column.number("TOKENS IN", "input"));
    shown.add(Column.number(head("TOKENS OUT", Order.TOKENS), "output"));
    shown.add(Column.number(head("USD", Order.DOLLARS), "cost"));
    StringWriter text = new StringWriter();
    new TablePrinter(new PrintWriter(text), shown, columns, colours)
        .print(rows.stream().map(Row::json).toList());
    return text.toString().lines().toList();
  }

  private String head(String text, Order of) {
    return order == of ? text + of.mark() : text;
  }

  private String toned(Tone tone, String text) {
    return colours ? tone.of(text) : text;
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
