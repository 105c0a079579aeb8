package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The plan with which PostgreSQL executed a statement. */
record QueryPlan(String text) {
  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

  /** A sort, and the node that feeds it. */
  private static final Pattern SORT =
      Pattern.compile("->  Sort .*?\\n\\s+->  [^\\n]*actual rows=(\\d+)", Pattern.DOTALL);

  /** A partition without a single page is not worth an index. */
  private static final Pattern EMPTY_PARTITION =
      Pattern.compile(
          "Seq Scan on ((?:usage_daily|audit_events)_\\w+ \\w+  \\(cost=0\\.00\\.\\.0\\.00 )");

  /**
   * What PostgreSQL does for a statement, which must not read a large table whole.
   *
   * @param mode {@code force_custom_plan} for the values given, or {@code force_generic_plan}
   */
  static QueryPlan of(
      DataSource database, StatementRecorder.RecordedStatement statement, String mode)
      throws SQLException {
    try (Connection connection = database.getConnection();
        Statement explaining = connection.createStatement()) {
      boolean set = explaining.execute("set plan_cache_mode = " + mode);
      boolean prepared = explaining.execute("prepare recorded as " + numbered(statement.sql()));
      String values =
          statement.values().values().stream()
              .map(QueryPlan::literal)
              .collect(Collectors.joining(", ", "(", ")"));
      try (ResultSet lines =
          explaining.executeQuery(
              "explain (analyze, buffers, timing off, summary off) execute recorded"
                  + (values.equals("()") ? "" : values))) {
        StringBuilder plan = new StringBuilder().append(set).append(prepared).append('\n');
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
        assertThat(EMPTY_PARTITION.matcher(plan).replaceAll("nothing on $1"))
            .doesNotContain("Seq Scan on instances")
            .doesNotContain("Seq Scan on shares")
            .doesNotContain("Seq Scan on users")
            .doesNotContain("Seq Scan on access_tokens")
            .doesNotContain("Seq Scan on definition_shares")
            .doesNotContain("Seq Scan on user_keys")
            .doesNotContain("Seq Scan on default_services")
            .doesNotContain("Seq Scan on model_configs")
            .doesNotContain("Seq Scan on usage_daily")
            .doesNotContain("Seq Scan on audit_events")
            .doesNotContain("Seq Scan on projects")
            .doesNotContain("Seq Scan on project_shares")
            .doesNotContain("Seq Scan on definitions");
        return new QueryPlan(plan.toString());
      } finally {
        boolean ended = explaining.execute("deallocate recorded");
        boolean reset = explaining.execute("reset plan_cache_mode");
        assertThat(ended || reset).isFalse();
      }
    }
  }

  /**
   * Pages of 8 KiB that were read, from memory or disk. Unlike a duration, this is the same in
   * every run. None where the planner finds that nothing can match.
   */
  int pagesTouched() {
    if (text.contains("One-Time Filter: false")) {
      return 0;
    }
    Matcher buffers = BUFFERS.matcher(text);
    assertThat(buffers.find()).as(text).isTrue();
    return number(buffers.group(1)) + number(buffers.group(2));
  }

  /** How many rows went into sorts. */
  int rowsSorted() {
    Matcher sorts = SORT.matcher(text);
    int rows = 0;
    while (sorts.find()) {
      rows += Integer.parseInt(sorts.group(1));
    }
    return rows;
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static String numbered(String sql) {
    AtomicInteger number = new AtomicInteger();
    return Pattern.compile("\\?")
        .matcher(sql)
        .replaceAll(mark -> Matcher.quoteReplacement("$" + number.incrementAndGet()));
  }

  private static String literal(Optional<Object> value) {
    return value
        .map(v -> v instanceof byte[] bytes ? "\\x" + HexFormat.of().formatHex(bytes) : v)
        .map(v -> v instanceof String[] texts ? "{" + String.join(",", texts) + "}" : v)
        .map(v -> "'" + v + "'")
        .orElse("null");
  }
}
