package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** On a node whose operator lets usage be kept for 24 months, and the audit trail for ever. */
class RetentionTest {
  private static final String PATH = "/v1/retention";

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();

  @Test
  void at_first_only_the_operator_bounds_it() {
    TestResponse shown = root.get(PATH).isStatus(200);
    assertThat(shown.at("/usage_months").isNull()).isTrue();
    assertThat(shown.at("/usage_months_at_most").asInt()).isEqualTo(24);
    assertThat(shown.at("/audit_months_at_most").isNull()).isTrue();
  }

  @Test
  void administrators_set_it_on_record() {
    TestResponse set = root.put(PATH, Map.of("usage_months", 12)).isStatus(200);
    assertThat(set.at("/usage_months").asInt()).isEqualTo(12);
    assertThat(set.at("/version").asInt()).isEqualTo(2);
    assertThat(root.put(PATH, set.body()).isStatus(200).at("/version").asInt()).isEqualTo(2);
    assertThat(root.put(PATH, Map.of("audit_months", 36)).at("/usage_months").isNull()).isTrue();

    TestResponse events = root.get("/v1/audit-events?action=retention.update").isStatus(200);
    assertThat(events.at("/items").size()).isEqualTo(2);
    assertThat(events.text("/items/1/fields/0")).isEqualTo("usage_months");
    assertThat(events.at("/items/1/terms/0").toString())
        .isEqualTo("{\"field\":\"usage_months\",\"before\":null,\"after\":\"12\"}");
    assertThat(events.text("/items/0/terms/0/before")).isEqualTo("12");
    assertThat(events.text("/items/0/terms/1/after")).isEqualTo("36");
  }

  @Test
  void what_is_wrong_or_above_the_bounds_is_refused() {
    for (Object wrong : List.of(0, 1201, -1, 25)) {
      root.put(PATH, Map.of("usage_months", wrong)).hasFaults("/usage_months invalid_value");
    }
    root.put(PATH, Map.of("usage_months", "12")).hasFaults("/usage_months wrong_type");
    root.put(PATH, Map.of("usage_months_at_most", 100)).hasReadOnly("usage_months_at_most");
    root.put(PATH, Map.of("days", 1)).hasFaults("/days unknown_field");
    assertThat(root.get(PATH).at("/version").asInt()).isEqualTo(1);
  }
}
