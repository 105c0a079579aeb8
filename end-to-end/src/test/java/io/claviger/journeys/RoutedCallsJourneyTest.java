package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on a URL that names no service, from the REST API to the provider. */
class RoutedCallsJourneyTest {
  private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private Api alice = journey.root(node);
  private Api bob = alice;

  @BeforeEach
  void lend() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    journey.service(alice, "alice/lent");
  }

  @AfterEach
  void nothing_leaked() {
    try (journey) {
      journey.assertNothingLeaked();
    }
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

  private static TestResponse embed(Api caller, String model) {
    return caller.callModel("openai/v1/embeddings", Map.of("model", model, "input", "hello"));
  }
}
