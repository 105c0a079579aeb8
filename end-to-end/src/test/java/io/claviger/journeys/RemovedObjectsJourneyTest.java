package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What ended in the ledger is gone at the provider, too. */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemovedObjectsJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SERVICE = "alice/lent";
  private static final String OBJECTS = "/v1/llm-services/" + SERVICE + "/objects/";

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private Api alice = journey.root(node);
  private Api bob = alice;

  @BeforeAll
  void lend() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    journey.service(alice, SERVICE);
    alice
        .patch(
            "/v1/llm-services/" + SERVICE,
            Map.of(
                "storage",
                List.of("files", "responses", "conversations", "vector_stores", "containers"),
                "on_end",
                "delete"))
        .isStatus(200);
    alice.share(SERVICE, "bob", "reader").isStatus(201);
  }

  @Test
  void what_an_owner_ends_is_deleted_at_the_provider_and_for_nobody_meanwhile() {
    String store = made("vector_stores", Map.of("name", "mine"));
    String conversation = made("conversations", Map.of());
    String response =
        made("responses", Map.of("model", "parrot-large", "input", "hello", "store", true));
    assertThat(atProvider()).contains(store, conversation, response);

    alice.delete(OBJECTS + "vector_stores/" + store).isStatus(204);
    alice.delete(OBJECTS + "conversations/" + conversation).isStatus(204);
    bob.delete(OBJECTS + "responses/" + response).isStatus(204);

    alice.listModels("services/" + SERVICE + "/vector_stores/" + store).isStatus(404);
    Eventually.holds(
        PATIENCE,
        () -> atProvider().stream().noneMatch(List.of(store, conversation, response)::contains));
    Eventually.holds(
        PATIENCE,
        () ->
            alice
                .get("/v1/audit-events?action=object.delete&limit=50")
                .body()
                .contains("[\"conversations\",\"request\"]"));
  }

  private String made(String path, Map<String, ?> body) {
    return bob.call(SERVICE, path, body).isStatus(200).text("/id");
  }

  private List<String> atProvider() {
    return journey.provider().objectIds(journey.key(SERVICE));
  }
}
