package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the commands of {@code docs/budgets.md} in their order. Only hosts and times are replaced.
 */
class BudgetExamplesTest {
  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final DocumentedCommands commands = commands();

  @Test
  void the_commands_do_what_the_document_says() throws Exception {
    Api alice = journey.user(node, "alice");
    Api bob = journey.user(node, "bob");
    journey.service(alice, "alice/my-openai");
    alice
        .put(
            "/v1/llm-services/alice/my-openai/shares/bob",
            Map.of(
                "role",
                "reader",
                "limits",
                Map.of("budgets", List.of(Map.of("amount", 5, "unit", "usd", "window", "day")))))
        .isStatus(201);

    assertThat(run(bob).at("/items/0/holder/user").asString()).isEqualTo("bob");
    assertThat(run(alice).at("/limits/budgets/0/amount").asString()).isEqualTo("5");
    String budget = run(alice).at("/items/0/id").asString();
    assertThat(run(alice, "BUDGET", budget).get("amount").asString()).isEqualTo("20");
    assertThat(bob.get("/v1/budgets").text("/items/0/left")).isEqualTo("25");
    assertThat(run(alice).get("calls").asInt()).isZero();
    assertThat(run(alice).get("secret").asString()).startsWith("whsec_");
    commands.assertAllWereRun();
  }

  private JsonNode run(Api as, String... more) throws IOException, InterruptedException {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("API", as.api() + "/v1");
    variables.put("TOKEN", as.token());
    for (int i = 0; i < more.length; i += 2) {
      variables.put(more[i], more[i + 1]);
    }
    return JsonMapper.shared().readTree(commands.runNext(variables));
  }

  private DocumentedCommands commands() {
    Map<String, String> replacements = new LinkedHashMap<>();
    replacements.put("http://localhost:8080", node.api().toString());
    replacements.put("2030-01-01T00:00:00Z", Instant.now().plus(Duration.ofDays(1)).toString());
    return DocumentedCommands.of(List.of("budgets.md"), replacements);
  }
}
