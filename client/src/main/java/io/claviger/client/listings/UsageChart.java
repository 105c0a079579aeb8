package io.claviger.client.listings;

import io.claviger.client.json.JsonTrees;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/**
 * Draws a line of text with a column for each day. A column shows the day's cost, or the number of
 * calls if no day has a cost. Days without calls also have a column.
 */
final class UsageChart {
  private static final String BARS =
      "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"; // an eighth of a line, and so on
  private static final char NOTHING = '\u00b7';

  private final int width;
  private final NavigableMap<LocalDate, Day> days = new TreeMap<>();

  private record Day(double cost, double calls) {
    Day plus(Day other) {
      return new Day(cost + other.cost, calls + other.calls);
    }
  }

  /**
   * Creates a chart.
   *
   * @param width the maximum number of days in the chart; if there are more days, the chart shows
   *     the latest ones
   */
  UsageChart(int width) {
    this.width = Math.max(1, width);
  }

  /** Adds a row of the usage list to the chart. Rows without a day are ignored. */
  void add(JsonNode row) {
    Optional<LocalDate> day = JsonTrees.optional(row, "day").flatMap(UsageChart::day);
    if (day.isPresent()) {
      days.merge(day.get(), new Day(number(row, "cost"), number(row, "requests")), Day::plus);
      if (days.size() > width) {
        days.pollFirstEntry();
      }
    }
  }

  /**
   * Returns a heading, followed by the chart; empty if there are fewer than two days to compare.
   */
  List<String> lines() {
    if (days.size() < 2) {
      return List.of();
    }
    boolean priced = days.values().stream().anyMatch(day -> day.cost() > 0);
    ToDoubleFunction<Day> value = priced ? Day::cost : Day::calls;
    LocalDate last = days.lastKey();
    LocalDate first = days.firstKey();
    if (last.toEpochDay() - first.toEpochDay() >= width) {
      first = last.minusDays(width - 1L);
    }
    List<Double> values = new ArrayList<>();
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      values.add(Optional.ofNullable(days.get(day)).map(value::applyAsDouble).orElse(0.0));
    }
    double most = values.stream().mapToDouble(each -> each).max().orElse(0);
    StringBuilder bars = new StringBuilder();
    values.forEach(each -> bars.append(bar(each, most)));
    return List.of(
        String.format(
            Locale.ROOT,
            priced ? "USD a day, %s to %s, at most %.2f" : "Calls a day, %s to %s, at most %.0f",
            first,
            last,
            most),
        bars.toString());
  }

  private static char bar(double value, double most) {
    if (value <= 0) {
      return NOTHING;
    }
    int eighths = (int) Math.ceil(value / most * BARS.length());
    return BARS.charAt(Math.clamp(eighths, 1, BARS.length()) - 1);
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException unusedFault) {
      return Optional.empty();
    }
  }

  private static double number(JsonNode row, String field) {
    try {
      double number = Double.parseDouble(row.path(field).asString("0"));
      return Double.isFinite(number) ? number : 0;
    } catch (NumberFormatException unusedFault) {
      return 0;
    }
  }
}
