package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on a URL that names no service, from the REST API to the provider. */
class RoutedCallsJourneyTest extends SharedNode {
  private Api alice = root;
  private Api bob = root;

  @BeforeEach
  void lend() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    journey.service(alice, "alice/lent");
  }

  @Test
  void a_reference_leads_to_the_service_with_any_of_its_models() {
    TestResponse answer = embed(alice, "alice/lent/parrot-small").isStatus(200);

    assertThat(answer.values("x-claviger-service")).containsExactly("alice/lent");
    assertThat(answer.values("x-claviger-model")).containsExactly("parrot-small");
  }

  @Test
  void a_share_ends_for_the_next_call() {
    embed(bob, "alice/lent/parrot-small").isStatus(404);
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    embed(bob, "alice/lent/parrot-small").isStatus(200);
    alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);

    TestResponse hidden = embed(bob, "alice/lent/parrot-small").isStatus(404);
    TestResponse unknown = embed(bob, "alice/none/parrot-small").isStatus(404);

    assertThat(hidden.values("x-claviger-error")).containsExactly("model_not_found");
    assertThat(hidden.body()).isEqualTo(unknown.body());
  }

  @Test
  void every_listed_model_can_be_called_by_its_name() {
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    List<String> listed = bob.listModels("openai/v1/models").at("/data").findValuesAsString("id");

    assertThat(listed).isNotEmpty().allMatch(name -> name.startsWith("alice/lent/"));
    listed.forEach(name -> embed(bob, name).isStatus(200));
  }

  @Test
  void a_bare_name_leads_to_a_share_only_once_that_was_accepted() {
    alice.patch("/v1/llm-services/alice/lent", Map.of("model", "parrot-large")).isStatus(200);
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    embed(alice, "parrot-large").isStatus(200);
    embed(bob, "parrot-large").isStatus(404);

    bob.put("/v1/llm-services/alice/lent/bare-names", Map.of()).isStatus(204);

    embed(bob, "parrot-large").isStatus(200);
  }

  @Test
  void a_model_of_the_catalogue_moves_on_to_the_key_that_answers() {
    journey.service(root, "_system/one");
    journey.service(root, "_system/two");
    root.post(
            "/v1/model-configs",
            Map.of(
                "name",
                "fast",
                "on_failure",
                "next",
                "targets",
                List.of(
                    Map.of("service", "_system/one", "model", "stub-status-429-retry-after-60"),
                    Map.of("service", "_system/two", "model", "parrot-small"))))
        .isStatus(201);

    TestResponse first = embed(bob, "fast").isStatus(200);
    TestResponse second = embed(bob, "fast").isStatus(200);

    assertThat(first.values("x-claviger-service")).containsExactly("_system/two");
    assertThat(first.values("x-claviger-attempts")).containsExactly("2");
    assertThat(second.values("x-claviger-attempts")).isEmpty();
    assertThat(journey.credentials()).hasSize(3);
  }

  private static TestResponse embed(Api caller, String model) {
    return caller.callModel("openai/v1/embeddings", Map.of("model", model, "input", "hello"));
  }
}
