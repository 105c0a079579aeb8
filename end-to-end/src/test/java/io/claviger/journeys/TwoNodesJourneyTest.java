package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one database. Alice calls one, Bob the other. */
class TwoNodesJourneyTest extends LentService {

  private final Node other = another();

  @BeforeEach
  void prepare() {
    bob = bob.at(other);
    bob.embed("alice/lent").isStatus(200);
  }

  @Test
  void a_share_given_and_ended_at_one_counts_at_the_other_too() {
    alice.delete(LENT + "/shares/bob").isStatus(204);
    Eventually.answers(404, () -> bob.embed("alice/lent")).isRefused(404, "not_found");
    bob.get(LENT).isProblem(404, "not_found");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    Eventually.answers(200, () -> bob.embed("alice/lent")).isStatus(200);
  }

  @Test
  void a_service_disabled_moved_or_deleted_at_one_is_so_at_the_other() {
    alice.patch(LENT, Map.of("enabled", false)).isStatus(200);
    Eventually.answers(403, () -> bob.embed("alice/lent")).isRefused(403, "disabled");
    alice.patch(LENT, Map.of("enabled", true)).isStatus(200);
    alice
        .patch(LENT, Map.of("endpoint", journey.movedEndpoint(), "api_key", journey.key("moved")))
        .isStatus(200);
    Eventually.holds(Eventually.SOON, this::bobReachesWhereItMoved);
    assertThat(journey.provider().requests())
        .singleElement()
        .matches(r -> ("Bearer " + journey.key("moved")).equals(r.header("Authorization")));
    alice.delete(LENT).isStatus(204);
    Eventually.answers(404, () -> bob.embed("alice/lent")).isRefused(404, "not_found");
  }

  private boolean bobReachesWhereItMoved() {
    journey.provider().clear();
    return bob.embed("alice/lent").status() == 200
        && journey.provider().requests().get(0).uri().equals("/moved/v1/embeddings");
  }

  @Test
  void a_token_revoked_at_one_is_worth_nothing_at_the_other() {
    String id = bob.get("/v1/me").isStatus(200).text("/token/id");
    bob.at(node).delete("/v1/users/bob/tokens/" + id).isStatus(204);
    bob.get("/v1/me").isStatus(401);
    Eventually.answers(401, () -> bob.embed("alice/lent")).isRefused(401, "bad_token");
  }

  @Test
  void the_use_of_a_token_is_written_down_once_a_minute_by_all_nodes_together() {
    Api there = alice.at(other);
    String first = lastUse();
    for (int n = 0; n < 5; n++) {
      alice.get("/v1/me").isStatus(200);
      there.get("/v1/me").isStatus(200);
      alice.embed(SERVICE).isStatus(200);
      there.embed(SERVICE).isStatus(200);
    }

    assertThat(Instant.parse(first)).isNotNull();
    assertThat(lastUse()).isEqualTo(first);
  }

  private String lastUse() {
    return journey
        .column(
            """
            select to_char(last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            from access_tokens t join users u on u.id = t.user_id where u.handle = 'alice'
            """)
        .getFirst();
  }

  @Test
  void a_token_with_which_somebody_reads_all_the_time_is_worth_nothing_either() {
    String id = bob.get("/v1/me").isStatus(200).text("/token/id");
    for (int n = 0; n < 200; n++) {
      bob.get("/v1/me").isStatus(200);
    }

    bob.at(node).delete("/v1/users/bob/tokens/" + id).isStatus(204);

    bob.at(node).get("/v1/me").isStatus(401);
    bob.patch("/v1/users/bob", Map.of("display_name", "Robert")).isStatus(401);
    Eventually.answers(401, () -> bob.get("/v1/me")).isStatus(401);
    for (int n = 0; n < 5; n++) {
      bob.get("/v1/me").isStatus(401);
    }
  }

  @Test
  void a_raise_a_higher_budget_and_a_higher_rate_hold_at_once_and_soon_at_the_other() {
    Api here = bob.at(node);
    for (Map<String, Object> limits : List.of(rate(60), rate(120), requests(150), requests(200))) {
      alice.patch(LENT, Map.of("limits", limits)).isStatus(200);
      here.embed("alice/lent").isStatus(200);
      answersSoon(200);
      useUp(here);
      useUp(bob);
    }
    String id = alice.get("/v1/budgets?service=alice/lent&user=bob").text("/items/0/id");
    String until = Instant.now().plusSeconds(600).toString();
    alice.post("/v1/budgets/" + id + "/raises", Map.of("amount", 2, "until", until)).isStatus(201);
    here.embed("alice/lent").isStatus(200);
    answersSoon(200);
  }

  /** Cached data is at most 50 ms old. The rest of this time is for a busy machine. */
  private void answersSoon(int status) {
    long changed = System.nanoTime();
    long began;
    int answer;
    do {
      began = System.nanoTime();
      answer = bob.embed("alice/lent").status();
    } while (answer != status && began - changed < 150_000_000);
    assertThat(answer).isEqualTo(status);
  }

  private static void useUp(Api caller) {
    for (int n = 0; n < 300; n++) {
      if (caller.embed("alice/lent").status() != 200) {
        return;
      }
    }
    throw new AssertionError("nothing is used up");
  }

  private static Map<String, Object> requests(int amount) {
    return Map.of(
        "requests_per_minute",
        100_000,
        "budgets",
        List.of(Map.of("amount", amount, "unit", "requests", "window", "total")));
  }

  private static Map<String, Object> rate(int perMinute) {
    return Map.of("requests_per_minute", perMinute);
  }

  @Test
  void what_is_left_of_a_budget_is_at_most_a_second_old() {
    String counted = "alice/counted"; // never called before, so its budget begins with nothing
    journey.service(alice, counted);
    alice.share(counted, "bob", "reader").isStatus(201);
    alice.patch("/v1/llm-services/" + counted, Map.of("limits", requests(1_000_000))).isStatus(200);
    bob.embed(counted).isStatus(200);
    Eventually.holds(Duration.ofSeconds(10), () -> settled(counted).equals("1"));
    List<Duration> after = new ArrayList<>();
    for (int round = 1; round < 4; round++) {
      for (int n = 0; n < 5; n++) {
        bob.embed(counted).isStatus(200);
      }
      String used = Integer.toString(5 * round + 1);
      after.add(Eventually.holds(Eventually.SOON, () -> settled(counted).equals(used)));
    }
    // A busy machine may be late at any time, so the quickest round counts.
    assertThat(Collections.min(after)).isLessThan(Duration.ofSeconds(1));
  }

  private String settled(String service) {
    return alice
        .get("/v1/budgets?service=" + service + "&user=bob")
        .isStatus(200)
        .text("/items/0/settled");
  }

  @Test
  void a_connection_at_one_is_seen_and_ended_at_the_other() {
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    HttpClient client = HttpClient.newHttpClient();
    try {
      WebSocket unused = bob.open(client, SERVICE, closed);
      Eventually.holds(
          Duration.ofSeconds(10), () -> !alice.get(LENT + "/connections").at("/items").isEmpty());
      TestResponse shown = alice.get(LENT + "/connections");
      assertThat(shown.text("/items/0/user")).isEqualTo("bob");
      assertThat(root.at(node).get(LENT + "/connections").text("/items/0/node")).isNotEmpty();
      String id = bob.at(node).get("/v1/me/connections").text("/items/0/id");
      assertThat(shown.text("/items/0/id")).isEqualTo(id);
      assertThat(alice.get("/v1/me/connections").at("/items")).isEmpty();

      alice.delete(LENT + "/connections/" + id).isStatus(204);

      Eventually.holds(Duration.ofSeconds(10), closed::isDone);
      assertThat(closed.join()).isEqualTo(1008);
      Eventually.holds(
          Duration.ofSeconds(10), () -> alice.get(LENT + "/connections").at("/items").isEmpty());
      alice.delete(LENT + "/connections/" + id).isStatus(404);
    } finally {
      client.shutdownNow();
    }
  }

  @Test
  void one_writes_on_what_the_other_wrote() {
    alice.patch(LENT, Map.of("description", "at one", "version", 1)).isStatus(200);
    alice
        .at(other)
        .patch(LENT, Map.of("description", "at the other", "version", 1))
        .isProblem(412, "precondition_failed");
    alice.at(other).patch(LENT, Map.of("description", "at the other", "version", 2)).isStatus(200);
    assertThat(alice.get(LENT).text("/description")).isEqualTo("at the other");
  }

  @Test
  void the_other_goes_on_when_one_is_stopped() {
    Node ended = journey.startNode();
    alice.at(ended).embed("alice/lent").isStatus(200);
    journey.stop(ended);
    bob.embed("alice/lent").isStatus(200);
    bob.get("/health/ready").isStatus(200);
  }

  @Test
  void what_is_stored_through_one_is_held_ended_and_deleted_at_the_other() {
    alice.patch(LENT, Map.of("storage", List.of("responses"))).isStatus(200);
    Api here = bob.at(node);
    Eventually.answers(200, () -> store(bob));
    String first = store(bob).isStatus(200).text("/id");
    String second = store(here).isStatus(200).text("/id");

    here.call("alice/lent", "responses", following(first)).isStatus(200);
    bob.call("alice/lent", "responses", following(second)).isStatus(200);
    bob.delete("/v1/llm-services/alice/lent/objects/responses/" + second).isStatus(204);
    Eventually.answers(400, () -> here.call("alice/lent", "responses", following(second)))
        .isRefused(400, "previous_response_not_found");

    alice.at(other).patch(LENT, Map.of("storage", List.of())).isStatus(200);
    Eventually.answers(403, () -> store(here)).isRefused(403, "storage_not_lent");
    here.call("alice/lent", "responses", following(first))
        .isRefused(400, "previous_response_not_found");
  }

  private static TestResponse store(Api caller) {
    return caller.call(
        "alice/lent",
        "responses",
        Map.of("model", "parrot-large", "input", "Hello", "store", true));
  }

  private static Map<String, Object> following(String response) {
    return Map.of(
        "model", "parrot-large", "input", "And?", "store", false, "previous_response_id", response);
  }
}
