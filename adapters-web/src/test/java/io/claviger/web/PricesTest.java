package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PricesTest {
  private static final String GPT = "/v1/prices/openai?model=gpt-5.2";
  private static final String OWN = "/v1/llm-services/alice/x/prices?model=openai/gpt-5.2";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @Test
  void everybody_sees_the_prices_that_come_with_the_program() {
    TestResponse published = alice.get("/v1/prices/_published").isStatus(200);

    JsonNode known =
        published
            .at("/items")
            .valueStream()
            .filter(each -> each.path("models").toString().contains("\"gpt-5.1\""))
            .findFirst()
            .orElseThrow();
    assertThat(known.path("source").stringValue()).startsWith("https://platform.openai.com/");
    assertThat(known.path("input").stringValue()).isEqualTo("1.25");
    assertThat(known.at("/tiers/priority/output").stringValue()).isEqualTo("20");
    assertThat(known.at("/tiers/flex/input").stringValue()).isEqualTo("0.625");
    assertThat(published.at("/items").findValues("thresholds").toString())
        .contains("\"above\":200000");
  }

  @Test
  void a_price_is_shown_exactly_as_it_was_set() {
    TestResponse created =
        root.json(
            "PUT",
            GPT,
            """
            {"valid_from": "2026-02-01", "input": "1.750000", "cached_input": 0.175,
             "output": 14, "image": "0.04", "reasoning": null,
             "long_context": {"above": 200000, "input": "3.5", "output": 2.1e1}}
            """);

    created.isStatus(201);
    assertThat(created.text("/input")).isEqualTo("1.75");
    assertThat(created.text("/cached_input")).isEqualTo("0.175");
    assertThat(created.text("/output")).isEqualTo("14");
    assertThat(created.text("/image")).isEqualTo("0.04");
    assertThat(created.at("/reasoning").isNull()).isTrue();
    assertThat(created.text("/long_context/output")).isEqualTo("21");
    assertThat(created.at("/long_context/cached_input").isNull()).isTrue();
    assertThat(created.text("/provider")).isEqualTo("openai");
    assertThat(created.at("/service").isNull()).isTrue();
    assertThat(created.header("Location")).isEqualTo("/v1/prices?provider=openai&model=gpt-5.2");
    assertThat(alice.get("/v1/prices").at("/items/0")).isEqualTo(created.at(""));
  }

  @Test
  void what_get_shows_can_be_sent_back_and_changes_nothing() {
    root.put(GPT, price("2026-02-01", "1")).isStatus(201);
    String shown = root.get("/v1/prices").at("/items/0").toString();

    TestResponse again = root.json("PUT", GPT, shown);

    again.isStatus(200);
    assertThat(again.at("").toString()).isEqualTo(shown);
    root.json(
            "PUT",
            "/v1/prices/openai?model=other",
            "{\"valid_from\": \"2026-02-01\", \"input\": 1, \"model\": \"gpt-5.2\"}")
        .hasReadOnly("model");
  }

  @Test
  void tiers_thresholds_and_fees_are_shown_as_they_were_set_and_can_be_sent_back() {
    TestResponse created =
        root.json(
                "PUT",
                GPT,
                """
                {"valid_from": "2026-02-01", "input": "1.75",
                 "thresholds": [{"above": 200000, "input": 3.5}, {"above": 300000, "output": 20}],
                 "tiers": {"flex": {"input": "0.80", "request": "0"}, "priority": {"output": 30}},
                 "fees": [{"what": "web_search", "amount": "0.010"},
                  {"what": "web_search", "quality": "high", "amount": 2.5e-2, "per": 1},
                  {"what": "character", "amount": "15", "per": 1000000}]}
                """)
            .isStatus(201);

    assertThat(created.at("/long_context")).isEqualTo(created.at("/thresholds/0"));
    assertThat(created.text("/thresholds/1/output")).isEqualTo("20");
    assertThat(created.at("/tiers").toString())
        .isEqualTo(
            "{\"flex\":{\"input\":\"0.8\",\"request\":\"0\"},\"priority\":{\"output\":\"30\"}}");
    assertThat(created.at("/fees").toString())
        .isEqualTo(
            "[{\"what\":\"web_search\",\"quality\":null,\"amount\":\"0.01\",\"per\":1},"
                + "{\"what\":\"web_search\",\"quality\":\"high\",\"amount\":\"0.025\",\"per\":1},"
                + "{\"what\":\"character\",\"quality\":null,\"amount\":\"15\",\"per\":1000000}]");
    TestResponse again = root.json("PUT", GPT, created.at("").toString()).isStatus(200);
    assertThat(again.at("")).isEqualTo(created.at(""));
    root.json(
            "PUT",
            GPT,
            "{\"valid_from\": \"2026-02-01\", \"tiers\": null,"
                + " \"fees\": [{\"what\": \"page\", \"amount\": 0}]}")
        .isStatus(200);
  }

  @Test
  void a_day_shows_the_prices_that_are_valid_on_it() {
    root.put(GPT, price("2026-01-01", "1")).isStatus(201);
    root.put(GPT, price("2026-03-01", "2")).isStatus(201);
    root.put("/v1/prices/gemini?model=g", price("2026-01-01", "3")).isStatus(201);

    assertThat(alice.get("/v1/prices?on=2026-02-28").items("input")).containsExactly("3", "1");
    assertThat(alice.get("/v1/prices?on=2026-03-01&provider=openai").items("input"))
        .containsExactly("2");
    assertThat(alice.get("/v1/prices?model=gpt-5.2").items("input")).containsExactly("1", "2");
    assertThat(alice.get("/v1/prices?on=2025-12-31").items("input")).isEmpty();
    TestResponse page = alice.get("/v1/prices?limit=2");
    assertThat(alice.get("/v1/prices?cursor=" + page.text("/next_cursor")).items("input"))
        .containsExactly("2");
  }

  @Test
  void a_replaced_price_has_another_version_and_preconditions_hold() {
    long first = root.put(GPT, price("2026-01-01", "1")).at("/version").longValue();
    TestResponse second = root.put(GPT, price("2026-01-01", "2")).isStatus(200);

    assertThat(second.at("/version").longValue()).isGreaterThan(first);
    root.put(GPT, Map.of("valid_from", "2026-01-01", "input", "3", "version", first))
        .isProblem(412, "precondition_failed");
    assertThat(root.get("/v1/prices").items("input")).containsExactly("2");
  }

  @Test
  void prices_are_deleted_one_by_one_or_all_of_a_model() {
    root.put(GPT, price("2026-01-01", "1")).isStatus(201);
    root.put(GPT, price("2026-02-01", "2")).isStatus(201);

    root.delete(GPT + "&valid_from=2026-01-01").isStatus(204);
    assertThat(root.get("/v1/prices").items("input")).containsExactly("2");
    root.delete(GPT).isStatus(204);
    root.delete(GPT).isStatus(404);
    root.delete("/v1/prices/nobody?model=x").isStatus(404);
  }

  @Test
  void only_the_owning_user_writes_a_services_own_prices() {
    alice
        .put(
            "/v1/llm-services/alice/x",
            Map.of(
                "provider",
                "openrouter",
                "endpoint",
                "https://openrouter.ai/api/v1",
                "model",
                "m",
                "api_key",
                "sk-0123456789"))
        .isStatus(201);
    Client bob = served.user("bob");
    alice.put("/v1/llm-services/alice/x/shares/bob", Map.of("role", "owner")).isStatus(201);

    TestResponse created = alice.put(OWN, price("2026-01-01", "1")).isStatus(201);
    assertThat(created.text("/service")).isEqualTo("alice/x");
    assertThat(created.text("/model")).isEqualTo("openai/gpt-5.2");
    assertThat(created.at("/provider").isNull()).isTrue();
    assertThat(bob.get("/v1/llm-services/alice/x/prices").at("/items/0")).isEqualTo(created.at(""));
    bob.put(OWN, price("2026-01-01", "0")).isProblem(403, "forbidden");
    root.put(OWN, price("2026-01-01", "0")).isProblem(403, "forbidden");
    served.user("eve").get("/v1/llm-services/alice/x/prices").isStatus(404);
    assertThat(root.get("/v1/prices").items("input")).isEmpty();
    alice.delete(OWN).isStatus(204);
    alice.delete("/v1/llm-services/alice/x").isStatus(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"input\": 1} | /valid_from required",
        "{\"valid_from\": \"2026-02-30\", \"input\": 1} | /valid_from invalid_value",
        "{\"valid_from\": \"1999-12-31\", \"input\": 1} | /valid_from invalid_value",
        "{\"valid_from\": \"2026-01-01\"} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"fees\": []} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"fees\": [], \"input\": null} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": -1} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": \"NaN\"} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": \"1e99\"} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": \"0.0000001\"} | /input invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": true} | /input wrong_type",
        "{\"valid_from\": \"2026-01-01\", \"inptu\": 1} | /inptu unknown_field,/input"
            + " invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": 1, \"long_context\": {\"above\": 0,"
            + " \"input\": 1}} | /long_context invalid_value",
        "{\"valid_from\": \"2026-01-01\", \"input\": 1, \"long_context\": {\"above\": 5}} |"
            + " /long_context invalid_value",
      })
  void a_bad_price_is_refused_and_the_field_named(String body, String faults) {
    root.json("PUT", GPT, body).hasFaults(faults.split(","));
    root.json("PUT", "/v1/prices/openai", "{}").hasFaults("/model required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'long_context': {'above': 5, 'input': 2}, 'thresholds': [] | /long_context invalid_value",
        "'thresholds': [{'above': 5, 'input': 2}, {'above': 5, 'input': 2}] |"
            + " /thresholds invalid_value",
        "'thresholds': [{'above': 5, 'input': -2}] | /thresholds/0/input invalid_value,"
            + "/thresholds/0 invalid_value",
        "'thresholds': [{'input': 2}] | /thresholds/0/above required",
        "'thresholds': {} | /thresholds wrong_type",
        "'tiers': {'flex': {'input': -1, 'output': 1}} | /tiers/flex/input invalid_value",
        "'tiers': {'flex': {}} | /tiers/flex invalid_value",
        "'tiers': {'flex': {'image': 1}} | /tiers/flex/image unknown_field,"
            + "/tiers/flex invalid_value",
        "'tiers': {'default': {'input': 1}} | /tiers/default invalid_value",
        "'tiers': {'standard': {'input': 1}} | /tiers/standard invalid_value",
        "'tiers': {'auto': {'input': 1}} | /tiers/auto invalid_value",
        "'tiers': {'Flex': {'input': 1}} | /tiers/Flex invalid_value",
        "'tiers': [] | /tiers wrong_type",
        "'fees': [{'what': 'coffee', 'amount': 1}] | /fees/0/what invalid_value",
        "'fees': [{'what': 'page'}] | /fees/0/amount required",
        "'fees': [{'what': 'page', 'amount': null}] | /fees/0/amount not_nullable",
        "'fees': [{'what': 'page', 'amount': -1}] | /fees/0/amount invalid_value",
        "'fees': [{'what': 'page', 'amount': 'Infinity'}] | /fees/0/amount invalid_value",
        "'fees': [{'what': 'page', 'amount': '1e-13'}] | /fees/0/amount invalid_value",
        "'fees': [{'what': 'page', 'amount': 1, 'per': 0}] | /fees/0/per invalid_value",
        "'fees': [{'what': 'page', 'amount': 1, 'per': 1000001}] | /fees/0/per invalid_value",
        "'fees': [{'what': 'page', 'amount': 1, 'quality': 'Ü'}] | /fees/0/quality invalid_value",
        "'fees': [{'what': 'page', 'amount': 1, 'colour': 1}] | /fees/0/colour unknown_field",
        "'fees': [{'what': 'page', 'amount': 1}, {'what': 'page', 'amount': 2}] |"
            + " /fees invalid_value",
        "'image': 1, 'fees': [{'what': 'image', 'amount': 1}] | /fees invalid_value",
      })
  void bad_tiers_thresholds_and_fees_are_refused_and_the_place_named(String part, String faults) {
    String body = "{'valid_from': '2026-01-01', 'input': 1, " + part + "}";
    root.json("PUT", GPT, body.replace('\'', '"')).hasFaults(faults.split(","));
  }

  private static Map<String, Object> price(String from, String input) {
    return Map.of("valid_from", from, "input", input);
  }
}
