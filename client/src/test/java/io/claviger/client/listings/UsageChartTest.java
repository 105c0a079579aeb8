package io.claviger.client.listings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageChartTest {
  private static void add(UsageChart chart, String day, String cost, int calls) {
    chart.add(JsonTrees.object().put("day", day).put("cost", cost).put("requests", calls));
  }

  @Test
  void a_day_without_calls_has_its_column_and_rows_of_a_day_are_added_up() {
    UsageChart chart = new UsageChart(80);
    add(chart, "2026-11-04", "2", 1);
    add(chart, "2026-11-01", "1.5", 1);
    add(chart, "2026-11-01", "2.5", 1);
    add(chart, "2026-11-02", "0.01", 9);
    assertThat(chart.lines())
        .containsExactly(
            "USD a day, 2026-11-01 to 2026-11-04, at most 4.00", "\u2588\u2581\u00b7\u2584");
  }

  @Test
  void where_nothing_cost_anything_calls_are_drawn() {
    UsageChart chart = new UsageChart(80);
    add(chart, "2026-11-01", "-", 8);
    add(chart, "2026-11-02", "0", 4);
    assertThat(chart.lines())
        .containsExactly("Calls a day, 2026-11-01 to 2026-11-02, at most 8", "\u2588\u2584");
  }

  @Test
  void it_is_never_wider_than_the_terminal_whatever_the_server_says() {
    UsageChart chart = new UsageChart(10);
    add(chart, "0001-01-01", "1", 1);
    for (int day = 10; day < 30; day++) {
      add(chart, "2026-11-" + day, "1e400", 1);
    }
    add(chart, "9999-12-31", "NaN", 1);
    add(chart, "\u001b[2J", "1", 1);
    assertThat(chart.lines()).hasSize(2);
    assertThat(chart.lines().getLast()).hasSize(10).endsWith("\u00b7\u2588");
  }

  @Test
  void one_day_needs_no_chart() {
    UsageChart chart = new UsageChart(80);
    add(chart, "2026-11-01", "1", 1);
    assertThat(chart.lines()).isEqualTo(List.of());
  }
}
