package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices, from the list that an operator imports to what callers see of their budgets. */
class PricesJourneyTest {
  private static final String LIST =
      """
      {
        "sample_spec": {"input_cost_per_token": 0.0, "litellm_provider": "one of them"},
        "parrot-large": {
          "litellm_provider": "openai", "mode": "chat", "max_output_tokens": 4096,
          "max_input_tokens": 128000,
          "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05},
        "broken": {"litellm_provider": "openai", "input_cost_per_token": -1},
        "bad-fee": {"litellm_provider": "openai", "input_cost_per_token": 1e-06,
          "search_context_cost_per_query": {"search_context_size_low": Infinity}}
      }
      """;

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();

  private CommandResult imported(String... more) throws IOException {
    Path file = Files.writeString(directory.resolve("prices.json"), LIST);
    String[] arguments = new String[3 + more.length];
    arguments[0] = "prices";
    arguments[1] = "import";
    arguments[2] = file.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Commands.run(journey.environment(), arguments);
  }

  @Test
  void a_call_of_an_imported_model_has_its_cost_in_usage_and_is_charged_to_its_budget()
      throws Exception {
    Node node = journey.startNode();
    Api alice = journey.user(node, "alice");
    Api bob = journey.user(node, "bob");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    Map<String, String> budget = Map.of("amount", "1", "unit", "usd", "window", "month");
    alice
        .patch("/v1/llm-services/alice/lent", Map.of("limits", Map.of("budgets", List.of(budget))))
        .isStatus(200);
    Map<String, Object> chat =
        Map.of(
            "model",
            "parrot-large",
            "messages",
            List.of(Map.of("role", "user", "content", "Hello")));
    bob.call("alice/lent", "chat/completions", chat).isRefused(403, "model_has_no_price");

    CommandResult dry = imported("--dry-run");
    assertThat(dry.exitCode()).isEqualTo(3);
    assertThat(dry.output())
        .contains("nothing is stored", "1 new", "left out: openai broken")
        .contains("left out: openai bad-fee: search_context_cost_per_query");
    assertThat(journey.column("select model from prices")).isEmpty();
    CommandResult done = imported();
    assertThat(done.exitCode()).isEqualTo(3);
    assertThat(done.output()).contains("1 prices: 1 new", "left out: openai broken");
    assertThat(done.output()).contains("left out: openai bad-fee");
    assertThat(imported().output()).contains("0 new, 0 changed, 1 unchanged");

    // The node hears of it by the change feed.
    Eventually.holds(
        Duration.ofSeconds(10),
        () -> bob.call("alice/lent", "chat/completions", chat).status() == 200);
    TestResponse answer = bob.call("alice/lent", "chat/completions", chat).isStatus(200);
    long each =
        2_500 * answer.at("/usage/prompt_tokens").longValue()
            + 10_000 * answer.at("/usage/completion_tokens").longValue();
    String cost = BudgetUnit.USD.text(2 * each);
    String version = journey.column("select version from prices where ended_at is null").get(0);
    String ofModel = "/v1/usage?service=alice%2Flent";
    Eventually.holds(
        Duration.ofSeconds(10),
        () -> alice.get(ofModel + "&by=model").body().contains("\"cost\":\"" + cost + "\""));
    assertThat(alice.get(ofModel).body()).contains("\"price_version\":" + version);
    Eventually.holds(
        Duration.ofSeconds(10), () -> bob.get("/v1/budgets").text("/items/0/settled").equals(cost));
  }
}
