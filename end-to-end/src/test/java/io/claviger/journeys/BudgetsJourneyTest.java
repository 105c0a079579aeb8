package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Budgets, from what an owner sets to what a refused caller reads. */
class BudgetsJourneyTest extends LentService {

  private void budget(Map<String, ?> budget) {
    alice.patch(LENT, Map.of("limits", Map.of("budgets", List.of(budget)))).isStatus(200);
  }

  private static Map<String, Object> chat(int most) {
    return Map.of(
        "model",
        "parrot-large",
        "max_tokens",
        most,
        "messages",
        List.of(Map.of("role", "user", "content", "Hello")));
  }

  private TestResponse chat(Api caller, int most) {
    return caller.call(SERVICE, "chat/completions", chat(most));
  }

  private static String message(TestResponse refused) {
    return refused.isRefused(402, "budget_exhausted").text("/error/message");
  }

  @Test
  void a_service_with_five_requests_a_day_refuses_the_sixth_call() {
    budget(Map.of("amount", 5, "unit", "requests", "window", "day"));
    for (int left = 4; left >= 0; left--) {
      assertThat(chat(bob, 10).isStatus(200).header("X-Claviger-Budget-Left"))
          .isEqualTo(left + ";unit=requests;of=5;window=day");
    }
    assertThat(chat(alice, 10).isStatus(200).header("X-Claviger-Budget-Left"))
        .isEqualTo("4;unit=requests;of=5;window=day");

    TestResponse refused = chat(bob, 10);

    assertThat(message(refused)).startsWith("Your budget on this service, 5 requests a day, is ");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(refused.header("Retry-After")).isEmpty();
    assertThat(journey.provider().requests()).hasSize(6);
    chat(alice, 10).isStatus(200);
  }

  @Test
  void two_nodes_share_a_budget() {
    budget(Map.of("amount", "20", "unit", "requests", "window", "month", "bound", "strict"));
    Node other = journey.startNode();
    List<Api> both = List.of(bob, bob.at(other));
    int passed = 0;
    for (int i = 0; i < 30; i++) {
      passed += chat(both.get(i % 2), 10).status() == 200 ? 1 : 0;
    }
    journey.stop(other);

    assertThat(passed).isEqualTo(20);
    assertThat(journey.provider().requests()).hasSize(20);
  }

  @Test
  void tokens_are_charged_as_the_provider_states_them_and_a_refusal_says_what_fits() {
    budget(
        Map.of(
            "amount", 10_000, "unit", "tokens", "window", "day", "bound", "strict", "zone", "UTC"));
    chat(bob, 1_000).isStatus(200);

    TestResponse refused = chat(bob, 9_000);

    assertThat(message(refused))
        .contains("10,000 tokens a day", "The same request fits now with max_completion_tokens of");
    chat(bob, 1_000).isStatus(200);
    Map<String, Object> unbounded =
        Map.of("model", "m", "messages", List.of(Map.of("role", "user", "content", "Hello")));
    bob.call(SERVICE, "chat/completions", unbounded).isRefused(403, "output_unbounded");
  }

  /** As many servers do, the stub provider writes as much as it likes, whatever the maximum is. */
  @Test
  void a_maximum_that_a_provider_may_ignore_bounds_nothing() {
    String service = "alice/compatible";
    alice
        .put(
            "/v1/llm-services/" + service,
            Map.of(
                "provider",
                "openai-compat",
                "endpoint",
                journey.provider().baseUrl() + "/v1",
                "model",
                "parrot-large",
                "api_key",
                journey.key(service)))
        .isStatus(201);
    alice.share(service, "bob", "reader").isStatus(201);
    Map<String, Object> newer =
        Map.of(
            "model",
            "parrot-large",
            "max_completion_tokens",
            1,
            "messages",
            List.of(Map.of("role", "user", "content", "stub:usage reasoning=7000")));

    lend(service, "strict");
    assertThat(
            bob.call(service, "chat/completions", newer)
                .isRefused(403, "output_unbounded")
                .text("/error/message"))
        .contains("Set max_tokens in the request");
    Map<String, Object> both = new HashMap<>(chat(10));
    both.put("max_completion_tokens", 10);
    bob.call(service, "chat/completions", both).isStatus(200);

    lend(service, "measured");
    bob.call(service, "chat/completions", newer).isStatus(200);
    both.put("max_completion_tokens", 20);
    TestResponse answer = bob.call(service, "chat/completions", both).isStatus(200);
    String left = answer.header("X-Claviger-Budget-Left");
    assertThat(Long.parseLong(left.substring(0, left.indexOf(';')))).isLessThan(100_000 - 7_000);
  }

  private void lend(String service, String bound) {
    Map<String, ?> budget =
        Map.of("amount", 100_000, "unit", "tokens", "window", "total", "bound", bound);
    alice
        .patch("/v1/llm-services/" + service, Map.of("limits", Map.of("budgets", List.of(budget))))
        .isStatus(200);
  }

  @Test
  void dollars_are_counted_for_models_with_a_price() {
    budget(Map.of("amount", "0.01", "unit", "usd", "window", "month"));
    chat(bob, 10).isRefused(403, "model_has_no_price");
  }

  @Test
  void the_explanation_knows_of_a_budget_that_is_used_up() {
    budget(Map.of("amount", 1, "unit", "requests", "window", "total"));
    chat(bob, 10).isStatus(200);

    TestResponse why = bob.get(LENT + "/key-resolution").isStatus(200);

    assertThat(why.body()).contains("budget_exhausted", "1 request in all");
  }

  @Test
  void a_call_whose_body_is_read_for_a_budget_is_in_the_usage_with_its_model_and_cost() {
    Map<String, String> price = Map.of("valid_from", "2020-01-01", "input", "3", "output", "15");
    journey.root(node).put("/v1/prices/openai?model=parrot-large", price).isStatus(201);
    budget(Map.of("amount", "10", "unit", "usd", "window", "month"));
    TestResponse answer = chat(bob, 10).isStatus(200);

    long input = answer.at("/usage/prompt_tokens").longValue();
    long output = answer.at("/usage/completion_tokens").longValue();
    String row = "bob parrot-large 1 " + (3_000 * input + 15_000 * output);
    Eventually.holds(
        Duration.ofSeconds(10),
        () ->
            journey
                .column(
                    "select concat_ws(' ', user_handle, model, requests, cost)"
                        + " from usage_daily"
                        + " where user_id = (select id from users where handle = 'bob')")
                .equals(List.of(row)));
    assertThat(bob.get("/v1/budgets").isStatus(200).at("/items")).hasSize(1);
    journey.root(node).delete("/v1/prices/openai?model=parrot-large").isStatus(204);
  }
}
