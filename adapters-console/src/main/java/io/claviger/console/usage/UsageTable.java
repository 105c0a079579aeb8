package io.claviger.console.usage;

import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sums by day and by one more dimension, collected for a chart and two tables. */
final class UsageTable {
  /** The most things that a chart tells apart. */
  private static final int MOST_SERIES = 8;

  /** The most lines of the table of things. */
  private static final int MOST_LINES = 100;

  private final UsageDimension by;
  private final Measure measure;
  private final SortedMap<String, UsageCounts> days = new TreeMap<>();
  private final Map<String, UsageCounts> things = new HashMap<>();
  private final Map<String, Map<String, BigDecimal>> values = new HashMap<>();

  UsageTable(UsageDimension by, Measure measure) {
    this.by = by;
    this.measure = measure;
  }

  /** Adds a sum of one thing on one day. */
  void add(UsageSum sum) {
    addDay(sum);
    addThing(sum);
    addValue(name(sum), sum);
  }

  /** Adds a sum of one day to the table of days alone. */
  void addDay(UsageSum sum) {
    UsageCounts unused = days.merge(day(sum), sum.counts(), UsageCounts::plus);
  }

  /** Adds a sum of one thing to the table of things alone. */
  void addThing(UsageSum sum) {
    UsageCounts unused = things.merge(name(sum), sum.counts(), UsageCounts::plus);
  }

  /** Adds a sum of one day to the chart alone. */
  void addValue(String thing, UsageSum sum) {
    BigDecimal unused =
        values
            .computeIfAbsent(thing, name -> new HashMap<>())
            .merge(day(sum), measure.of(sum.counts()), BigDecimal::add);
  }

  /** Adds what this table has of a thing, by days, to the chart of another. */
  void valuesOf(String thing, UsageTable other) {
    Map<String, BigDecimal> mine = values.getOrDefault(thing, Map.of());
    Map<String, BigDecimal> unused = other.values.put(thing, new HashMap<>(mine));
  }

  private static String day(UsageSum sum) {
    return sum.of().getOrDefault(UsageDimension.DAY, "");
  }

  /** The things that a chart tells apart, if it tells any apart; those used most come first. */
  List<String> charted() {
    return ranked().stream().limit(MOST_SERIES).toList();
  }

  /** Returns the name of a sum; calls outside projects and without a model have words for it. */
  String name(UsageSum sum) {
    String name = sum.of().getOrDefault(by, "");
    if (!name.isEmpty()) {
      return name;
    }
    return by == UsageDimension.PROJECT ? "(no project)" : "(not known)";
  }

  List<UsageLine> byDay() {
    return days.entrySet().stream().map(e -> UsageLine.of(e.getKey(), e.getValue())).toList();
  }

  /** Returns the things that were used most, first. */
  List<UsageLine> byThing() {
    return ranked().stream()
        .limit(MOST_LINES)
        .map(name -> UsageLine.of(name, counts(name)))
        .toList();
  }

  int things() {
    return things.size();
  }

  /** Returns the chart, with each day between the first and the last one with usage. */
  Chart chart() {
    List<String> axis = axis();
    List<Series> series = new ArrayList<>();
    List<String> told = charted().stream().filter(values::containsKey).toList();
    for (String name : told) {
      series.add(new Series(name, axis.stream().map(day -> value(name, day)).toList()));
    }
    if (things.size() > told.size()) {
      String rest = told.isEmpty() ? "all" : "all others";
      series.add(new Series(rest, axis.stream().map(day -> rest(told, day)).toList()));
    }
    return new Chart(measure.unit(), axis, series);
  }

  /** What a day has besides the things that are told apart. */
  private BigDecimal rest(List<String> told, String day) {
    return told.stream()
        .map(name -> value(name, day))
        .reduce(measure.of(days.getOrDefault(day, UsageCounts.NONE)), BigDecimal::subtract);
  }

  /** What the script of the page draws. */
  record Chart(String unit, List<String> days, List<Series> series) {}

  /** One colour of a chart, with a value for each day. */
  record Series(String name, List<BigDecimal> values) {}

  private List<String> axis() {
    if (days.isEmpty()) {
      return List.of();
    }
    LocalDate last = LocalDate.parse(days.lastKey());
    return LocalDate.parse(days.firstKey())
        .datesUntil(last.plusDays(1))
        .map(LocalDate::toString)
        .toList();
  }

  private List<String> ranked() {
    return things.keySet().stream()
        .sorted(
            Comparator.comparing((String name) -> measure.of(counts(name)))
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private UsageCounts counts(String thing) {
    return things.getOrDefault(thing, UsageCounts.NONE);
  }

  private BigDecimal value(String thing, String day) {
    return values.getOrDefault(thing, Map.of()).getOrDefault(day, BigDecimal.ZERO);
  }
}
