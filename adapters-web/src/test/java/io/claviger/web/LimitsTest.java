package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets in the limits of services, shares and tokens, and the limits of users and groups. */
class LimitsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String BOBS = "/v1/users/bob/limits";
  private static final String TEAM = "/v1/groups/team";
  private static final Map<String, Object> FIVE =
      Map.of("amount", 5, "unit", "requests", "window", "day");
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @BeforeEach
  void start() {
    alice.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(201);
  }

  @ParameterizedTest
  @CsvSource({
    "usd, 1e2, 100",
    "usd, 0.000000001, 0.000000001",
    "usd, 123456789.123456789, 123456789.123456789",
    "usd, 1000000000, 1000000000",
    "usd, '\"12.50\"', 12.5",
    "tokens, 1000000000000000, 1000000000000000",
    "tokens, '\"7.0\"', 7",
    "requests, 1000000000000, 1000000000000"
  })
  void amounts_are_exact_decimals(String unit, String written, String shown) {
    TestResponse patched =
        alice.patch(
            SERVICE,
            "{\"limits\":{\"budgets\":[{\"amount\":%s,\"unit\":\"%s\",\"window\":\"month\"}]}}"
                .formatted(written, unit));
    assertThat(patched.isStatus(200).at("/limits/budgets").toString())
        .isEqualTo(
            "[{\"amount\":\"%s\",\"unit\":\"%s\",\"window\":\"month\",\"zone\":\"UTC\","
                    .formatted(shown, unit)
                + "\"bound\":\"measured\",\"unpriced\":\"refuse\"}]");
    assertThat(alice.get(SERVICE).at("/limits").toString())
        .isEqualTo(patched.at("/limits").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | usd | day | UTC | amount invalid_value",
        "-1 | usd | day | UTC | amount invalid_value",
        "1000000000.000000001 | usd | day | UTC | amount invalid_value",
        "0.0000000001 | usd | day | UTC | amount invalid_value",
        "1e-999999999 | usd | day | UTC | amount invalid_value",
        "1e999999999 | tokens | day | UTC | amount invalid_value",
        "1.5 | requests | day | UTC | amount invalid_value",
        "\"1e3\" | usd | day | UTC | amount invalid_value",
        "\"\" | usd | day | UTC | amount invalid_value",
        "true | usd | day | UTC | amount wrong_type",
        "1 | eur | day | UTC | unit invalid_value",
        "1 | usd | year | UTC | window invalid_value",
        "1 | usd | day | Europe/Atlantis | zone invalid_value",
        "1 | usd | day | CET | zone invalid_value",
        "1 | usd | day | +02:00 | zone invalid_value"
      })
  void what_is_no_budget_is_refused_with_its_pointer(
      String amount, String unit, String window, String zone, String fault) {
    String body =
        "{\"limits\":{\"budgets\":[{\"amount\":%s,\"unit\":\"%s\",\"window\":\"%s\",\"zone\":\"%s\"}]}}"
            .formatted(amount, unit, window, zone);
    alice.patch(SERVICE, body).isStatus(422).hasFaults("/limits/budgets/0/" + fault);
  }

  @Test
  void a_holder_has_at_most_four_budgets_of_different_unit_window_or_zone() {
    Map<String, Object> week = Map.of("amount", 5, "unit", "requests", "window", "week");
    Map<String, Object> month = Map.of("amount", 5, "unit", "requests", "window", "month");
    Map<String, Object> berlin =
        Map.of("amount", 5, "unit", "requests", "window", "day", "zone", "Europe/Berlin");
    Map<String, Object> total = Map.of("amount", 5, "unit", "requests", "window", "total");
    limited(FIVE, week, month, berlin).isStatus(200);
    limited(FIVE, week, month, berlin, total)
        .isStatus(422)
        .hasFaults("/limits/budgets invalid_value");
    limited(FIVE, Map.of("amount", 6, "unit", "requests", "window", "day"))
        .isStatus(422)
        .hasFaults("/limits/budgets invalid_value");
    limited(Map.of("amount", 5, "unit", "tokens", "window", "day", "unpriced", "allow"))
        .isStatus(422)
        .hasFaults("/limits/budgets/0/unpriced invalid_value");
    assertThat(limited().isStatus(200).at("/limits/budgets").isNull()).isTrue();
  }

  private TestResponse limited(Object... budgets) {
    return alice.patch(SERVICE, Map.of("limits", Map.of("budgets", List.of(budgets))));
  }

  @Test
  void shares_and_tokens_have_budgets_and_borrowers_see_theirs() {
    Map<String, Object> limits = Map.of("budgets", List.of(FIVE), "max_output_tokens", 100);
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader", "limits", limits)).isStatus(201);
    TestResponse seen = bob.get(SERVICE);
    assertThat(seen.text("/my_limits/budgets/0/amount")).isEqualTo("5");
    assertThat(seen.at("/my_limits/max_output_tokens").intValue()).isEqualTo(100);
    assertThat(
            bob.post("/v1/users/bob/tokens", Map.of("name", "t", "limits", limits))
                .isStatus(201)
                .text("/limits/budgets/0/unit"))
        .isEqualTo("requests");
  }

  @Test
  void only_the_owning_user_sets_budgets_in_all_and_readers_do_not_see_them() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    alice.put(SERVICE + "/shares/carol", Map.of("role", "reader")).isStatus(422);
    Map<String, Object> inAll = Map.of("budgets_in_all", List.of(FIVE));
    bob.patch(SERVICE, inAll).isStatus(403);
    assertThat(alice.patch(SERVICE, inAll).isStatus(200).text("/budgets_in_all/0/amount"))
        .isEqualTo("5");
    assertThat(bob.get(SERVICE).text("/budgets_in_all/0/amount")).isEqualTo("5");
    bob.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(200);
    assertThat(alice.get(SERVICE).text("/budgets_in_all/0/amount")).isEqualTo("5");

    Client carol = served.user("carol");
    alice.put(SERVICE + "/shares/carol", Map.of("role", "reader")).isStatus(201);
    assertThat(carol.get(SERVICE).json().has("budgets_in_all")).isFalse();
    assertThat(carol.get(SERVICE).at("/my_limits/budgets").isNull()).isTrue();
    assertThat(
            alice
                .patch(SERVICE, "{\"budgets_in_all\":null}")
                .isStatus(200)
                .at("/budgets_in_all")
                .isNull())
        .isTrue();
  }

  @Test
  void nobody_leaves_a_group_that_administrators_limit() {
    root.put("/v1/groups/limited", Map.of("display_name", "Limited")).isStatus(201);
    for (String role : List.of("member", "manager")) {
      root.put("/v1/groups/limited/members/bob", Map.of("role", role));
      for (String which : List.of("limits", "pooled-limits")) {
        Map<String, Object> limits = Map.of("requests_per_minute", 9);
        root.put("/v1/groups/limited/" + which, limits).isStatus(200);
        bob.delete("/v1/groups/limited/members/bob").isStatus(403);
        root.put("/v1/groups/limited/" + which, Map.of()).isStatus(200);
      }
    }
    bob.delete("/v1/groups/limited/members/bob").isStatus(204);
  }

  @Test
  void a_co_owner_narrows_the_limits_of_a_service_and_does_not_widen_them() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    alice.patch(SERVICE, Map.of("limits", Map.of("requests_per_minute", 9))).isStatus(200);

    bob.patch(SERVICE, Map.of("limits", Map.of("requests_per_minute", 10))).isStatus(403);
    bob.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(403);
    bob.patch(SERVICE, Map.of("limits", Map.of("requests_per_minute", 8))).isStatus(200);
    alice.patch(SERVICE, Map.of("limits", Map.of("requests_per_minute", 10))).isStatus(200);
  }

  @Test
  void administrators_limit_a_user_who_sees_it() {
    TestResponse first = bob.get(BOBS).isStatus(200);
    assertThat(first.json().toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"models\":null,\"operations\":null,"
                + "\"max_output_tokens\":null,\"budgets\":null,\"version\":1}");
    assertThat(first.header("ETag")).isEqualTo("\"1\"");
    Map<String, Object> limits = Map.of("requests_per_minute", 9, "budgets", List.of(FIVE));
    bob.put(BOBS, limits).isStatus(403);
    alice.get(BOBS).isStatus(404);
    root.with("If-Match", "\"2\"").put(BOBS, limits).isStatus(412);
    assertThat(root.put(BOBS, limits).isStatus(200).at("/version").intValue()).isEqualTo(2);
    assertThat(root.put(BOBS, limits).isStatus(200).at("/version").intValue()).isEqualTo(2);
    assertThat(bob.get(BOBS).text("/budgets/0/amount")).isEqualTo("5");
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    assertThat(bob.get(SERVICE).at("/my_limits/requests_per_minute").intValue()).isEqualTo(9);
    assertThat(root.put(BOBS, root.get(BOBS).body()).isStatus(200).at("/version").intValue())
        .isEqualTo(2);
    assertThat(root.put(BOBS, Map.of()).isStatus(200).at("/version").intValue()).isEqualTo(3);
    root.put("/v1/users/_system/limits", limits).isStatus(403);
    root.put("/v1/users/nobody/limits", limits).isStatus(404);
    assertThat(
            root.get("/v1/audit-events?action=user.update&target=bob")
                .at("/items/0/fields")
                .toString())
        .isEqualTo("[\"limits\"]");
  }

  @Test
  void administrators_limit_the_members_of_a_group_each_and_together() {
    root.put(TEAM, Map.of()).isStatus(201);
    root.put(TEAM + "/members/bob", Map.of("role", "member")).isStatus(201);
    for (String kind : List.of("/limits", "/pooled-limits")) {
      int rate = kind.equals("/limits") ? 7 : 8;
      bob.put(TEAM + kind, Map.of("requests_per_minute", rate)).isStatus(403);
      alice.get(TEAM + kind).isStatus(403);
      root.put(TEAM + kind, Map.of("requests_per_minute", rate)).isStatus(200);
      assertThat(bob.get(TEAM + kind).at("/requests_per_minute").intValue()).isEqualTo(rate);
    }
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    assertThat(bob.get(SERVICE).at("/my_limits/requests_per_minute").intValue()).isEqualTo(7);
    root.delete(TEAM + "/members/bob").isStatus(204);
    assertThat(bob.get(SERVICE).at("/my_limits/requests_per_minute").isNull()).isTrue();
  }
}
