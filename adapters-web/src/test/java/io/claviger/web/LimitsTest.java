package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Budgets in the limits of services, shares and tokens, and the limits of users and groups. */
class LimitsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String BOBS = "/v1/users/bob/limits";
  private static final String TEAM = "/v1/groups/team";
  private static final Map<String, Object> FIVE =
      Map.of("amount", 5, "unit", "requests", "window", "day");
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice").owning(SERVICE);
  private final Client bob = served.user("bob");

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
  void all_that_have_limits_have_limits_on_the_pace_and_show_null_where_none_is_set() {
    Map<String, Object> pace =
        Map.of(
            "tokens_per_minute", 1_000_000_000,
            "input_tokens_per_minute", 2,
            "output_tokens_per_minute", 1,
            "concurrent_calls", 100_000);
    root.put(TEAM, Map.of("display_name", "Team")).isStatus(201);
    root.put(TEAM + "/members/bob", Map.of("role", "member"));
    showsNull(alice.get(SERVICE), "/limits", pace.keySet());
    showsNull(alice.get(SERVICE), "/limits_in_all", pace.keySet());
    showsNull(bob.get(BOBS), "", pace.keySet());
    Map<String, Object> four = Map.of("limits", pace);
    shows(alice.patch(SERVICE, four).isStatus(200), "/limits", pace);
    shows(alice.get(SERVICE), "/limits", pace);
    shows(alice.get(SERVICE), "/my_limits", pace);
    Map<String, Object> two = Map.of("limits", Map.of("concurrent_calls", 2));
    TestResponse share = alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    showsNull(share, "/limits", pace.keySet());
    showsNull(share, "/pooled_limits", pace.keySet());
    shows(alice.patch(SERVICE + "/shares/bob", two), "/limits", Map.of("concurrent_calls", 2));
    alice
        .put(SERVICE + "/shares/@team", Map.of("role", "reader", "pooled_limits", pace))
        .isStatus(201);
    shows(alice.get(SERVICE + "/shares/@team"), "/pooled_limits", pace);
    assertThat(bob.get(SERVICE).at("/my_limits/concurrent_calls").intValue()).isEqualTo(2);
    assertThat(bob.get(SERVICE).at("/my_limits/input_tokens_per_minute").intValue()).isEqualTo(2);
    for (String assigned : List.of(BOBS, TEAM + "/limits", TEAM + "/pooled-limits")) {
      shows(root.put(assigned, pace).isStatus(200), "", pace);
      shows(root.get(assigned), "", pace);
      root.put(assigned, Map.of()).isStatus(200);
      showsNull(root.get(assigned), "", pace.keySet());
    }
    Map<String, Object> none =
        Map.of("limits", Collections.singletonMap("input_tokens_per_minute", null));
    showsNull(alice.patch(SERVICE, none), "/limits", Set.of("input_tokens_per_minute"));
    assertThat(alice.get(SERVICE).at("/limits/tokens_per_minute").intValue())
        .isEqualTo(1_000_000_000);
  }

  private static void shows(TestResponse response, String where, Map<String, Object> limits) {
    limits.forEach(
        (name, limit) -> assertThat(response.at(where + "/" + name).intValue()).isEqualTo(limit));
  }

  private static void showsNull(TestResponse response, String where, Set<String> limits) {
    assertThat(limits).allMatch(name -> response.at(where + "/" + name).isNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1 | invalid_value",
        "0 | invalid_value",
        "1000000001 | invalid_value",
        "100000000000000000000 | invalid_value",
        "1.5 | wrong_type",
        "\"5\" | wrong_type",
        "true | wrong_type",
        "[] | wrong_type",
        "1e400 | wrong_type"
      })
  void what_is_no_limit_on_the_pace_is_refused_with_its_pointer(String limit, String fault) {
    alice.patch(SERVICE, Map.of("limits", Map.of("concurrent_calls", 3))).isStatus(200);
    String before = alice.get(SERVICE).json().toString();
    for (String name :
        List.of(
            "tokens_per_minute",
            "input_tokens_per_minute",
            "output_tokens_per_minute",
            "concurrent_calls")) {
      String body = "{\"%s\":%s}".formatted(name, limit);
      alice
          .patch(SERVICE, "{\"limits\":%s}".formatted(body))
          .isStatus(422)
          .hasFaults("/limits/" + name + " " + fault);
      alice
          .put(SERVICE + "/shares/bob", "{\"role\":\"reader\",\"limits\":%s}".formatted(body))
          .isStatus(422)
          .hasFaults("/limits/" + name + " " + fault);
      bob.post("/v1/users/bob/tokens", "{\"name\":\"t\",\"limits\":%s}".formatted(body))
          .isStatus(422)
          .hasFaults("/limits/" + name + " " + fault);
      root.put(BOBS, body).isStatus(422).hasFaults("/" + name + " " + fault);
    }
    alice
        .patch(SERVICE, "{\"limits\":{\"concurrent_calls\":1,\"concurrent_calls\":2}}")
        .hasFaults("/limits/concurrent_calls duplicate_field");
    assertThat(alice.get(SERVICE).json().toString()).isEqualTo(before);
  }

  @Test
  void a_token_that_another_creates_is_no_faster() {
    Map<String, Object> four = Map.of("concurrent_calls", 4, "tokens_per_minute", 9);
    Client narrow =
        served.holding(
            bob.post("/v1/users/bob/tokens", Map.of("name", "t", "limits", four))
                .isStatus(201)
                .text("/token"));
    for (Map<String, Object> wider :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("concurrent_calls", 4),
            Map.of("concurrent_calls", 4, "tokens_per_minute", 10))) {
      narrow
          .post("/v1/users/bob/tokens", Map.of("name", "u", "limits", wider))
          .isStatus(422)
          .hasFaults("/limits not_allowed");
    }
    shows(
        narrow.post("/v1/users/bob/tokens", Map.of("name", "u", "limits", four)).isStatus(201),
        "/limits",
        four);
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
  void only_the_owning_user_sets_limits_in_all_and_readers_do_not_see_them() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    Client carol = served.user("carol");
    alice.put(SERVICE + "/shares/carol", Map.of("role", "reader")).isStatus(201);
    assertThat(alice.get(SERVICE).at("/limits_in_all").toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"tokens_per_minute\":null,"
                + "\"input_tokens_per_minute\":null,\"output_tokens_per_minute\":null,"
                + "\"concurrent_calls\":null}");
    Map<String, Object> inAll = Map.of("requests_per_minute", 9, "concurrent_calls", 4);
    bob.patch(SERVICE, Map.of("limits_in_all", inAll)).isStatus(403);
    shows(alice.patch(SERVICE, Map.of("limits_in_all", inAll)), "/limits_in_all", inAll);
    bob.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(200);
    shows(bob.get(SERVICE), "/limits_in_all", inAll);
    assertThat(carol.get(SERVICE).json().has("limits_in_all")).isFalse();
    for (Client reader : List.of(carol, alice, bob)) {
      boolean isOwner = reader != carol;
      TestResponse resolution = reader.get(SERVICE + "/key-resolution");
      for (JsonNode limits :
          List.of(reader.get(SERVICE).at("/my_limits"), resolution.at("/limits"))) {
        assertThat(limits.at("/requests_per_minute").isNull()).isEqualTo(!isOwner);
        assertThat(limits.at("/concurrent_calls").isNull()).isEqualTo(!isOwner);
      }
      assertThat(resolution.at("/limits/requests_left").isNull()).isEqualTo(!isOwner);
    }

    String before = alice.get(SERVICE).json().toString();
    for (String wrong : List.of("-1", "0", "1.5", "\"5\"", "1e400", "1000000001")) {
      for (String name : List.of("requests_per_minute", "tokens_per_minute", "concurrent_calls")) {
        TestResponse refused =
            alice
                .patch(SERVICE, "{\"limits_in_all\":{\"%s\":%s}}".formatted(name, wrong))
                .isStatus(422);
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/limits_in_all/" + name);
      }
    }
    alice
        .patch(SERVICE, "{\"limits_in_all\":{\"models\":[\"m\"]}}")
        .hasFaults("/limits_in_all/models unknown_field");
    alice.patch(SERVICE, "{\"limits_in_all\":5}").hasFaults("/limits_in_all wrong_type");
    assertThat(alice.get(SERVICE).json().toString()).isEqualTo(before);

    alice.patch(SERVICE, "{\"limits_in_all\":{\"requests_per_minute\":null}}").isStatus(200);
    TestResponse one = alice.get(SERVICE);
    showsNull(one, "/limits_in_all", Set.of("requests_per_minute", "tokens_per_minute"));
    shows(one, "/limits_in_all", Map.of("concurrent_calls", 4));
    alice.patch(SERVICE, "{\"limits_in_all\":null}").isStatus(200);
    showsNull(alice.get(SERVICE), "/limits_in_all", Set.of("concurrent_calls"));
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
    bob.patch(SERVICE, Map.of("limits", Map.of("concurrent_calls", 4))).isStatus(200);
    bob.patch(SERVICE, Map.of("limits", Map.of("concurrent_calls", 5))).isStatus(403);
    bob.patch(SERVICE, "{\"limits\":{\"concurrent_calls\":null}}").isStatus(403);
    alice.patch(SERVICE, Map.of("limits", Map.of("requests_per_minute", 10))).isStatus(200);
  }

  @Test
  void administrators_limit_a_user_who_sees_it() {
    TestResponse first = bob.get(BOBS).isStatus(200);
    assertThat(first.json().toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"models\":null,\"operations\":null,"
                + "\"max_output_tokens\":null,\"budgets\":null,\"tokens_per_minute\":null,\"input_tokens_per_minute\":null,"
                + "\"output_tokens_per_minute\":null,\"concurrent_calls\":null,"
                + "\"version\":1}");
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
