package io.claviger.console.usage;

import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums by day and by one more dimension, collected for a chart and two tables. */
final class UsageTable {
  /** The most things that a chart tells apart. */
  private static final int MOST_SERIES = 8;

  /** The most lines of the table of things. */
  private static final int MOST_LINES = 100;

  private final UsageDimension by;
  private final Measure measure;
  private final Map<String, UsageCounts> days = new TreeMap<>();
  private final Map<String, UsageCounts> things = new HashMap<>();
  private final Map<String, Map<String, BigDecimal>> values = new HashMap<>();

  UsageTable(UsageDimension by, Measure measure) {
    this.by = by;
    this.measure = measure;
  }

  void add(UsageSum sum) {
    String day = sum.of().getOrDefault(UsageDimension.DAY, "");
    String thing = name(sum);
    UsageCounts unusedDay = days.merge(day, sum.counts(), UsageCounts::plus);
    UsageCounts unusedThing = things.merge(thing, sum.counts(), UsageCounts::plus);
    BigDecimal unusedValue =
        values
            .computeIfAbsent(thing, name -> new HashMap<>())
            .merge(day, measure.of(sum.counts()), BigDecimal::add);
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

  Chart chart() {
    List<String> ranked = ranked();
    List<Series> series = new ArrayList<>();
    for (String name : ranked.subList(0, Math.min(MOST_SERIES, ranked.size()))) {
      series.add(new Series(name, days.keySet().stream().map(day -> value(name, day)).toList()));
    }
    if (ranked.size() > MOST_SERIES) {
      List<String> rest = ranked.subList(MOST_SERIES, ranked.size());
      series.add(
          new Series(
              "all others",
              days.keySet().stream()
                  .map(
                      day ->
                          rest.stream()
                              .map(name -> value(name, day))
                              .reduce(BigDecimal.ZERO, BigDecimal::add))
                  .toList()));
    }
    return new Chart(measure.unit(), List.copyOf(days.keySet()), series);
  }

  /** What the script of the page draws. */
  record Chart(String unit, List<String> days, List<Series> series) {}

  /** One colour of a chart, with a value for each day. */
  record Series(String name, List<BigDecimal> values) {}

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
