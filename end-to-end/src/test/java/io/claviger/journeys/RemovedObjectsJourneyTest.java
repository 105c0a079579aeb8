package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects that ended in the ledger are also deleted at the provider, and objects that the ledger
 * lacks are found.
 */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("thorough")
class RemovedObjectsJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SERVICE = "alice/lent";
  private static final String OBJECTS = "/v1/llm-services/" + SERVICE + "/objects/";

  /** Makes the provider answer two seconds after it has got a request. */
  private static final Map<String, ?> LATE =
      Map.of("metadata", Map.of("stub", "stub-slow-first-byte-2000"));

  @AutoClose private final Journey journey = new Journey();

  /** Closed by the test in which it is away. */
  private final StubProvider second = StubProvider.start();

  private final Node node = journey.startNode(reachingBoth());
  private Api alice = journey.root(node);
  private Api bob = alice;

  private Map<String, String> reachingBoth() {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.merge(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS", ",127.0.0.1:" + second.port(), String::concat);
    return environment;
  }

  @BeforeAll
  void lend() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    lend(SERVICE, journey.endpoint(), "keep");
    lend("alice/dead", second.baseUrl() + "/v1", "keep");
    lend("alice/strict", journey.endpoint(), "delete");
  }

  private void lend(String service, String endpoint, String onEnd) {
    alice.putService(service, endpoint, journey.key(service));
    alice
        .patch(
            "/v1/llm-services/" + service,
            Map.of(
                "provider",
                "openai",
                "storage",
                List.of("files", "responses", "conversations", "vector_stores"),
                "on_end",
                onEnd))
        .isStatus(200);
    alice.share(service, "bob", "reader").isStatus(201);
  }

  @Test
  void what_is_deleted_is_gone_at_the_provider_and_meanwhile_for_nobody() {
    String store = made(bob, SERVICE, "vector_stores", Map.of("name", "mine"));
    String conversation = made(bob, SERVICE, "conversations", Map.of());
    String response =
        made(
            bob,
            SERVICE,
            "responses",
            Map.of("model", "parrot-large", "input", "hello", "store", true));
    assertThat(held(SERVICE)).contains(store, conversation, response);

    alice.delete(OBJECTS + "vector_stores/" + store).isStatus(204);
    alice.delete(OBJECTS + "conversations/" + conversation).isStatus(204);
    bob.delete(OBJECTS + "responses/" + response).isStatus(204);

    for (Api caller : List.of(alice, bob)) {
      caller.listModels("services/" + SERVICE + "/vector_stores/" + store).isStatus(404);
    }
    Eventually.holds(
        PATIENCE,
        () -> held(SERVICE).stream().noneMatch(Set.of(store, conversation, response)::contains));
    Eventually.holds(
        PATIENCE,
        () ->
            alice
                .get("/v1/audit-events?action=object.delete&limit=50")
                .body()
                .contains("[\"conversations\",\"" + conversation + "\",\"request\"]"));
  }

  @Test
  void a_conversation_that_its_holder_deletes_by_a_call_leaves_no_items_at_the_provider() {
    Map<String, String> item = Map.of("type", "message", "role", "user", "content", "hello");
    String id = made(bob, SERVICE, "conversations", Map.of("items", List.of(item)));
    String path = "/gateway/services/" + SERVICE + "/conversations/" + id;

    TestResponse answer =
        TestClient.of(bob.gateway())
            .send(
                "DELETE", path, BodyPublishers.noBody(), "Authorization", "Bearer " + bob.token());
    answer.isStatus(200);
    assertThat(answer.body()).contains("\"deleted\":true", id);

    Eventually.holds(PATIENCE, () -> !held(SERVICE).contains(id));
    assertThat(journey.provider().requests())
        .anyMatch(
            request ->
                request.method().equals("DELETE")
                    && request.uri().startsWith("/v1/conversations/" + id + "/items/"));
  }

  @Test
  void a_provider_that_is_away_does_not_delay_the_others_and_what_it_keeps_is_on_record() {
    String there = made(bob, "alice/dead", "vector_stores", Map.of());
    String alsoThere = made(bob, "alice/dead", "vector_stores", Map.of());
    String here = made(bob, SERVICE, "vector_stores", Map.of());
    second.close();

    for (String each : List.of(there, alsoThere)) {
      alice.delete("/v1/llm-services/alice/dead/objects/vector_stores/" + each).isStatus(204);
    }
    alice.delete(OBJECTS + "vector_stores/" + here).isStatus(204);

    Eventually.holds(PATIENCE, () -> !held(SERVICE).contains(here));
    assertThat(state(there)).isEqualTo("deleting");
    journey.tamper(
        "update provider_objects set retry_until = now() where object_id in ('%s', '%s')"
            .formatted(there, alsoThere));
    Eventually.holds(
        PATIENCE, () -> state(there).equals("left") && state(alsoThere).equals("left"));
    assertThat(alice.get("/v1/audit-events?action=object.delete&outcome=failed").body())
        .contains("[\"vector_stores\",\"" + there + "\",\"request\"]");
  }

  @Test
  void a_share_that_ends_during_a_call_leaves_nothing_where_leavers_objects_are_deleted()
      throws Exception {
    String before = made(bob, "alice/strict", "vector_stores", Map.of());
    CompletableFuture<TestResponse> call =
        CompletableFuture.supplyAsync(
            () -> bob.call("alice/strict", "vector_stores", LATE), Thread::startVirtualThread);
    awaitRequest("alice/strict", 2);

    alice.delete("/v1/llm-services/alice/strict/shares/bob").isStatus(204);

    assertThat(call.get().status()).isGreaterThanOrEqualTo(400);
    // The second node looks at once, and not a minute later, for those who have left.
    Node other = journey.startNode();
    Eventually.holds(PATIENCE, () -> held("alice/strict").isEmpty());
    assertThat(state(before)).isIn("deleting", "deleted");
    journey.stop(other);
  }

  @Test
  void what_a_killed_node_did_not_record_is_for_nobody_and_is_found_by_its_owner(
      @TempDir Path directory) throws Exception {
    Set<String> before = new HashSet<>(held(SERVICE));
    try (DatabaseGate gate = journey.gate();
        Program program = Program.start(directory, journey.environment(gate), "serve")) {
      Api there = program.ready().caller(bob.token());
      there.models(SERVICE).isStatus(200);
      int requests = journey.provider().requests().size();
      CompletableFuture<Void> call =
          CompletableFuture.runAsync(
                  () -> there.call(SERVICE, "vector_stores", LATE), Thread::startVirtualThread)
              .exceptionally(broken -> null);
      Eventually.holds(PATIENCE, () -> journey.provider().requests().size() > requests);
      gate.hang();
      Eventually.holds(PATIENCE, () -> held(SERVICE).size() > before.size());
      program.kill();
      call.get();
    }
    Set<String> lost = new HashSet<>(held(SERVICE));
    lost.removeAll(before);
    assertThat(lost).hasSize(1);
    String store = lost.iterator().next();

    bob.listModels("services/" + SERVICE + "/vector_stores/" + store).isStatus(404);
    String comparison = "/v1/llm-services/" + SERVICE + "/reconciliation/vector_stores";
    TestResponse found = alice.post(comparison, Map.of()).isStatus(200);
    assertThat(found.body()).contains("\"unrecorded\":[\"" + store + "\"]");
    alice.listModels("services/" + SERVICE + "/vector_stores/" + store).isStatus(200);
  }

  @Test
  void what_can_not_be_recorded_because_the_database_is_away_is_deleted_again() throws Exception {
    try (DatabaseGate gate = journey.gate()) {
      Node behind = journey.startNode(journey.environment(gate));
      Api there = bob.at(behind);
      there.models(SERVICE).isStatus(200);
      Set<String> before = new HashSet<>(held(SERVICE));
      int requests = journey.provider().requests().size();
      CompletableFuture<TestResponse> call =
          CompletableFuture.supplyAsync(
              () -> there.call(SERVICE, "vector_stores", LATE), Thread::startVirtualThread);
      Eventually.holds(PATIENCE, () -> journey.provider().requests().size() > requests);
      gate.cut();

      call.get().isRefused(502, "object_not_recorded");
      gate.mend();
      Eventually.holds(PATIENCE, () -> before.containsAll(held(SERVICE)));
      assertThat(journey.provider().requests())
          .anyMatch(
              request ->
                  request.method().equals("DELETE")
                      && request.uri().startsWith("/v1/vector_stores/")
                      && before.stream().noneMatch(request.uri()::endsWith));
      journey.stop(behind);
    }
  }

  private void awaitRequest(String service, int count) {
    String bearer = "Bearer " + journey.key(service);
    Eventually.holds(
        PATIENCE, () -> journey.credentials().stream().filter(bearer::equals).count() >= count);
  }

  private static String made(Api caller, String service, String path, Map<String, ?> body) {
    return caller.call(service, path, body).isStatus(200).text("/id");
  }

  /** What the provider holds for a service. */
  private List<String> held(String service) {
    return journey.provider().objectIds(journey.key(service));
  }

  private String state(String id) {
    return journey
        .column("select state from provider_objects where object_id = '%s'".formatted(id))
        .getFirst();
  }
}
