package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on a URL that names no service, from the REST API to the provider. */
class RoutedCallsJourneyTest extends AliceAndBob {
  @BeforeEach
  void lend() {
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
  void a_shared_service_of_the_system_is_called_by_holders_alone() {
    Api carol = journey.user(node, "carol");
    String lent = "/v1/llm-services/_system/lent";
    journey.service(root, "_system/lent");
    root.patch(lent, Map.of("audience", "shared", "model", "parrot-large")).isStatus(200);
    String model =
        root.post(
                "/v1/model-configs",
                Map.of(
                    "provider",
                    root.get(lent).text("/provider"),
                    "model",
                    "parrot-large",
                    "name",
                    "large",
                    "service",
                    "_system/lent"))
            .isStatus(201)
            .text("/id");
    root.share("_system/lent", "bob", "reader").isStatus(201);

    embed(bob, "large").isStatus(200);
    embed(bob, "parrot-large").isStatus(200);
    bob.embed("_system/lent").isStatus(200);
    assertThat(bob.get("/v1/models").body()).contains(model);
    assertThat(carol.get("/v1/models").body()).doesNotContain(model);
    assertThat(carol.listModels("openai/v1/models").body()).doesNotContain("_system", "large");
    embed(carol, "large").isStatus(404);
    embed(carol, "parrot-large").isStatus(404);
    assertThat(embed(carol, "_system/lent/parrot-large").isStatus(404).body())
        .isEqualTo(embed(carol, "_system/none/parrot-large").isStatus(404).body());
    assertThat(carol.embed("_system/lent").isStatus(404).body())
        .isEqualTo(carol.embed("_system/none").isStatus(404).body());
    root.embed("_system/lent").isStatus(403);

    root.delete(lent + "/shares/bob").isStatus(204);
    bob.embed("_system/lent").isStatus(404);
    embed(bob, "large").isStatus(404);

    root.patch(lent, Map.of("audience", "everybody")).isStatus(200);
    embed(carol, "large").isStatus(200);
    embed(carol, "parrot-large").isStatus(200);
    root.patch(lent, Map.of("audience", "shared")).isStatus(200);
    embed(carol, "large").isStatus(404);
    carol.embed("_system/lent").isStatus(404);
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
  void
      names_that_the_provider_does_not_list_lead_to_the_service_that_they_name_or_to_the_default() {
    String alias = "parrot-2026-01-01";
    embed(alice, alias).isStatus(404);
    assertThat(embed(alice, "alice/lent/" + alias).isStatus(200).values("x-claviger-model"))
        .containsExactly(alias);

    alice.chooseDefault("alice", "alice/lent").isStatus(201);

    assertThat(embed(alice, alias).isStatus(200).values("x-claviger-service"))
        .containsExactly("alice/lent");
    assertThat(alice.listModels("openai/v1/models").body()).doesNotContain(alias);
    TestResponse explained =
        alice.get("/v1/model-resolution?format=openai&name=" + alias).isStatus(200);
    assertThat(explained.text("/target")).isEqualTo("alice/lent");
    assertThat(explained.at("/steps").findValuesAsString("rule")).last().isEqualTo("unlisted_name");
    embed(bob, alias).isStatus(404);
  }

  @Test
  void an_alias_passes_neither_a_list_of_allowed_models_nor_a_budget_without_a_price() {
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    bob.chooseDefault("bob", "alice/lent").isStatus(201);
    String alias = "parrot-2026-01-01";
    embed(bob, alias).isStatus(200);
    int sent = journey.provider().requests().size();

    Map<String, Object> dollars =
        Map.of("amount", "5", "unit", "usd", "window", "day", "bound", "strict");
    alice
        .patch("/v1/llm-services/alice/lent", Map.of("limits", Map.of("budgets", List.of(dollars))))
        .isStatus(200);
    embed(bob, alias).isRefused(403, "model_has_no_price");
    embed(bob, "alice/lent/" + alias).isRefused(403, "model_has_no_price");

    alice
        .patch(
            "/v1/llm-services/alice/lent",
            Map.of("limits", Map.of("models", List.of("parrot-small"), "budgets", List.of())))
        .isStatus(200);
    embed(bob, "parrot-small").isStatus(200);
    embed(bob, alias).isRefused(404, "model_not_found");
    embed(bob, "parrot-small ").isRefused(404, "model_not_found");
    embed(bob, "alice/lent/" + alias).isRefused(404, "model_not_found");

    assertThat(journey.provider().requests()).hasSize(sent + 1);
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
