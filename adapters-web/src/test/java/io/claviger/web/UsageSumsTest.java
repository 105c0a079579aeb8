package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.RecordCopy;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageSumsTest {
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();

  @BeforeEach
  void start() {
    User alice = AUser.called("al").build();
    Instance service = AnInstance.of(alice, "x").build();
    served
        .ports()
        .usage()
        .add(
            row(alice, service, "gpt", 0, new UsageCost(2, 1_500_000_000, 0, 7)),
            row(alice, service, "gpt", 1, new UsageCost(1, 1, 0, 0)),
            row(alice, service, "free", 1, UsageCost.NONE));
  }

  @Test
  void sums_show_what_they_are_told_apart_by_and_nothing_else() {
    TestResponse sums = root.get("/v1/usage?by=model");

    assertThat(sums.items("model")).containsExactly("free", "gpt");
    assertThat(sums.at("/items/0").propertyNames())
        .startsWith("model", "requests")
        .doesNotContain("day", "user", "service", "project", "key_source");
    assertThat(sums.at("/items/1/requests").longValue()).isEqualTo(4);
  }

  @Test
  void a_cost_is_exact_and_null_where_no_call_had_a_price() {
    TestResponse sums = root.get("/v1/usage?by=model");

    assertThat(sums.at("/items/0/cost").isNull()).isTrue();
    assertThat(sums.at("/items/0/unpriced_requests").longValue()).isEqualTo(2);
    assertThat(sums.text("/items/1/cost")).isEqualTo("1.500000001");
    assertThat(sums.at("/items/1/unpriced_requests").longValue()).isEqualTo(1);
    assertThat(sums.text("/items/1/estimated/cost")).isEqualTo("0.000000007");
  }

  @Test
  void pages_of_sums_follow_each_other() {
    TestResponse first = root.get("/v1/usage?by=model,day,source,project&limit=2");
    assertThat(first.items("day")).containsExactly("2026-02-03", "2026-02-04");
    assertThat(first.items("model")).containsExactly("gpt", "free");
    assertThat(first.at("/items/0/project").isNull()).isTrue();
    assertThat(first.at("/items/0/key_source").isNull()).isTrue();

    TestResponse second =
        root.get(
            "/v1/usage?by=model,day,source,project&limit=2&cursor=" + first.text("/next_cursor"));
    assertThat(second.items("model")).containsExactly("gpt");
    assertThat(second.at("/next_cursor").isNull()).isTrue();
    root.get("/v1/usage?by=model&cursor=" + first.text("/next_cursor"))
        .hasFaults("/cursor invalid_value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model,", "model,model", "hour", "MODEL", "key_source"})
  void what_sums_can_not_be_told_apart_by_is_refused(String dimension) {
    root.get("/v1/usage?by=" + dimension).hasFaults("/by invalid_value");
  }

  private static UsageRow row(User user, Instance service, String model, int days, UsageCost cost) {
    return AUsage.of(user, service)
        .on(AUsage.DAY.plusDays(days))
        .model(UsageModel.called(model))
        .counts(
            RecordCopy.with(
                    new UsageCounts(2, 0, 0, 0, 5, 5), "estimated", new EstimatedUsage(1, 1, 1))
                .costing(cost))
        .build();
  }
}
