package io.claviger.console.page;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A chart with a column for each day or month. The server draws it as SVG. Each column also has its
 * values in words. A page shows these words while the pointer is over the column or the column has
 * the focus.
 *
 * @param summary what the chart shows, in a sentence
 * @param full the value of a column of full height
 * @param columns the days or months, from left to right
 * @param layers the series, in the order in which they are drawn
 */
public record BarChart(String summary, String full, List<Column> columns, List<Layer> layers) {
  /** The maximum height of a column, in SVG units. */
  public static final int HEIGHT = 200;

  /** The width of each column and the space around it, in SVG units. */
  private static final int WIDTH = 12;

  /** The number of series that can have their own colours. */
  public static final int COLOURS = 7;

  public BarChart {
    columns = List.copyOf(columns);
    layers = List.copyOf(layers);
  }

  /** The ways in which the values of a series can be drawn. */
  public enum Kind {
    /** The values are a part of the stack, and have their own colour. */
    STACKED,
    /**
     * The values are the sum of all series that have no colours of their own. This sum is the top
     * of the stack.
     */
    OTHERS,
    /**
     * The values are shown next to the stack, with dashed lines. The same values are also included
     * in the stack.
     */
    ESTIMATED,
    /**
     * The values are shown next to the stack, as an outline. The stack does not include these
     * values.
     */
    DISPUTED;

    private boolean isStacked() {
      return this == STACKED || this == OTHERS;
    }
  }

  /**
   * A series of values in the same colour.
   *
   * @param values one value for each column; no value is negative
   */
  public record Series(String name, Kind kind, List<BigDecimal> values) {
    public Series {
      values = List.copyOf(values);
    }

    private boolean isEmpty() {
      return values.stream().allMatch(value -> value.signum() == 0);
    }
  }

  /**
   * The column for one day or month.
   *
   * @param parts the values in the column, each on a line with the name of its series; series
   *     without a value are left out
   */
  public record Column(String label, String sum, String parts) {}

  /**
   * One series in the form in which it is drawn.
   *
   * @param style the CSS class that colours the series
   * @param path the rectangles of the series, as an SVG path
   */
  public record Layer(String name, String style, String path) {}

  /** The width of the SVG. */
  public int width() {
    return columns.size() * WIDTH;
  }

  /**
   * Draws a chart.
   *
   * @param title the measured quantity and the unit of time, such as "Requests by day"
   * @param words a function that returns the text for a value, with its unit
   * @param number a function that returns the text for a value, without its unit
   * @param labels the names of the columns, at least one name
   * @param series the series of the stack from bottom to top, followed by the series next to the
   *     stack. Series next to the stack are left out if they have no values.
   */
  public static BarChart of(
      String title,
      Function<BigDecimal, String> words,
      Function<BigDecimal, String> number,
      List<String> labels,
      List<Series> series) {
    List<Series> drawn =
        series.stream().filter(each -> each.kind().isStacked() || !each.isEmpty()).toList();
    List<BigDecimal> sums = IntStream.range(0, labels.size()).mapToObj(n -> sum(drawn, n)).toList();
    BigDecimal most = BigDecimal.ZERO;
    for (int n = 0; n < labels.size(); n++) {
      most = most.max(sums.get(n));
      for (Series each : drawn) {
        most = most.max(each.values().get(n));
      }
    }
    BigDecimal full = full(most);
    List<Column> columns = new ArrayList<>();
    for (int n = 0; n < labels.size(); n++) {
      columns.add(new Column(labels.get(n), words.apply(sums.get(n)), parts(drawn, n, number)));
    }
    return new BarChart(
        summary(title, words, labels, sums),
        words.apply(full),
        columns,
        layers(drawn, labels.size(), full));
  }

  private static String summary(
      String title,
      Function<BigDecimal, String> words,
      List<String> labels,
      List<BigDecimal> sums) {
    int most = 0;
    for (int n = 1; n < sums.size(); n++) {
      most = sums.get(n).compareTo(sums.get(most)) > 0 ? n : most;
    }
    return "%s, %s to %s: %s in all, at most %s (%s)."
        .formatted(
            title,
            labels.getFirst(),
            labels.getLast(),
            words.apply(sums.stream().reduce(BigDecimal.ZERO, BigDecimal::add)),
            words.apply(sums.get(most)),
            labels.get(most));
  }

  private static BigDecimal sum(List<Series> series, int n) {
    return series.stream()
        .filter(each -> each.kind().isStacked())
        .map(each -> each.values().get(n))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Returns the next higher round number, such as 1, 2, 5, 10, 20 or 50. */
  private static BigDecimal full(BigDecimal most) {
    if (most.signum() == 0) {
      return BigDecimal.ONE;
    }
    BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(most.precision() - most.scale() - 1);
    for (int times : new int[] {1, 2, 5}) {
      BigDecimal full = step.multiply(BigDecimal.valueOf(times));
      if (full.compareTo(most) >= 0) {
        return full;
      }
    }
    return step.scaleByPowerOfTen(1);
  }

  private static String parts(List<Series> series, int n, Function<BigDecimal, String> number) {
    return series.stream()
        .filter(each -> each.values().get(n).signum() > 0)
        .map(each -> "\n" + each.name() + ": " + number.apply(each.values().get(n)))
        .collect(Collectors.joining());
  }

  private static List<Layer> layers(List<Series> series, int columns, BigDecimal full) {
    int beside = (int) series.stream().filter(each -> !each.kind().isStacked()).count();
    int width = beside == 0 ? WIDTH - 2 : WIDTH / 2;
    BigDecimal[] below = new BigDecimal[columns];
    Arrays.fill(below, BigDecimal.ZERO);
    List<Layer> layers = new ArrayList<>();
    int x = 1 + width;
    for (int i = 0; i < series.size(); i++) {
      Series each = series.get(i);
      StringBuilder path = new StringBuilder();
      int part = each.kind().isStacked() ? width : (WIDTH - 2 - width) / beside;
      for (int n = 0; n < columns; n++) {
        BigDecimal value = each.values().get(n);
        int left = n * WIDTH + (each.kind().isStacked() ? 1 : x);
        if (each.kind().isStacked()) {
          int from = height(below[n], full);
          below[n] = below[n].add(value);
          add(path, left, part, from, height(below[n], full));
        } else {
          add(path, left, part, 0, height(value, full));
        }
      }
      x += each.kind().isStacked() ? 0 : part;
      layers.add(new Layer(each.name(), style(each, i), path.toString()));
    }
    return layers;
  }

  private static void add(StringBuilder path, int x, int width, int from, int to) {
    if (to > from) {
      path.append("M%s %sh%sv%sh-%sz".formatted(x, HEIGHT - to, width, to - from, width));
    }
  }

  /** Rounds the height up, so that even the smallest value is visible. */
  private static int height(BigDecimal value, BigDecimal full) {
    return value
        .multiply(BigDecimal.valueOf(HEIGHT))
        .divide(full, 0, RoundingMode.UP)
        .intValueExact();
  }

  private static String style(Series series, int n) {
    return switch (series.kind()) {
      case STACKED -> "series-" + (n % COLOURS + 1);
      case OTHERS -> "series-rest";
      case ESTIMATED -> "estimated";
      case DISPUTED -> "disputed";
    };
  }
}
