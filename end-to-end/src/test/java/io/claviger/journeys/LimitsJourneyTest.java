package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits of a share or token, counted on all nodes together. */
class LimitsJourneyTest extends AliceAndBob {
  private static final String LENT = "/v1/llm-services/alice/lent";
  private static final String CORPUS = "/v1/projects/carol/corpus";

  private final Node other = another();

  @BeforeEach
  void lend() {
    journey.service(alice, "alice/lent");
  }

  private void share(String user, Map<String, ?> limits, boolean mayReshare) {
    Map<String, Object> share =
        Map.of("role", "reader", "may_reshare", mayReshare, "limits", limits);
    assertThat(alice.put(LENT + "/shares/" + user, share).status()).isIn(200, 201);
  }

  private static Map<String, Object> perMinute(int requests) {
    return Map.of("requests_per_minute", requests);
  }

  @Test
  void two_nodes_together_let_pass_what_is_allowed_and_hardly_less() throws Exception {
    int limit = 200;
    alice.patch(LENT, Map.of("limits", perMinute(limit))).isStatus(200);
    share("bob", Map.of(), false);
    List<Api> both = List.of(bob, bob.at(other));
    int passed =
        Race.of(8, n -> passedUntilUsedUp(both.get(n % 2)), 1).stream()
            .mapToInt(Integer::intValue)
            .sum();

    assertThat(passed).isBetween(limit * 9 / 10, limit);
    assertThat(journey.provider().requests()).hasSize(passed);
  }

  /**
   * Calls until so many calls were refused that the other node has returned what it had left, and
   * returns how many calls passed.
   */
  private static int passedUntilUsedUp(Api caller) {
    int passed = 0;
    int refused = 0;
    while (refused < 150) {
      TestResponse reply = caller.models("alice/lent");
      if (reply.status() == 200) {
        passed++;
      } else {
        assertExhausted(reply);
        refused++;
        Eventually.pause();
      }
    }
    return passed;
  }

  @Test
  void two_nodes_together_let_pass_as_many_tokens_as_are_allowed() throws Exception {
    int limit = 1_000;
    alice.patch(LENT, Map.of("limits", Map.of("tokens_per_minute", limit))).isStatus(200);
    share("bob", Map.of(), false);
    List<Api> both = List.of(bob, bob.at(other));
    Map<String, Object> chat =
        Map.of(
            "model",
            "small",
            "max_tokens",
            60,
            "messages",
            List.of(Map.of("role", "user", "content", "Hello")));
    AtomicInteger used = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    // What calls leave over is free again on the other node a moment later.
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while ((used.get() < limit / 2 || refused.get() == 0) && System.nanoTime() - end < 0) {
      List<Integer> unused =
          Race.of(
              16,
              n -> {
                TestResponse reply = both.get(n % 2).call("alice/lent", "chat/completions", chat);
                if (reply.status() == 200) {
                  return used.addAndGet(reply.at("/usage/total_tokens").asInt());
                }
                assertExhausted(reply);
                assertThat(reply.body())
                    .contains("The limit of 1,000 tokens per minute is used up.");
                return refused.incrementAndGet();
              },
              20);
    }

    assertThat(used.get()).isBetween(limit / 2, limit);
    assertThat(refused.get()).isPositive();
    bob.call(
            "alice/lent",
            "chat/completions",
            with(with(chat, "model", "unknown"), "max_tokens", 3_000))
        .isRefused(403, "request_exceeds_limit");
  }

  private static Map<String, Object> with(Map<String, Object> json, String field, Object value) {
    Map<String, Object> changed = new HashMap<>(json);
    changed.put(field, value);
    return changed;
  }

  @Test
  void two_nodes_together_run_as_many_calls_at_a_time_as_are_allowed() throws Exception {
    alice.patch(LENT, Map.of("limits", Map.of("concurrent_calls", 3))).isStatus(200);
    share("bob", Map.of(), false);
    List<Api> both = List.of(bob, bob.at(other));

    List<OpenStream> streams =
        Race.of(16, n -> begun(both.get(n % 2)), 1).stream().flatMap(Optional::stream).toList();

    assertThat(streams).hasSize(3);
    for (Api each : both) {
      TestResponse reply = each.embed("alice/lent").isRefused(429, "rate_limited");
      assertThat(reply.body()).contains("The limit of 3 concurrent calls is used up.");
      assertThat(reply.header("Retry-After")).isEqualTo("1");
    }
    streams.forEach(OpenStream::close);
    // A node returns a place at its second look at the latest, and looks once a second. Places that
    // it did not return would be free some eight seconds later, when they are no longer leased.
    Eventually.holds(
        Duration.ofSeconds(6), () -> bob.at(other).embed("alice/lent").status() == 200);
  }

  /** Begins a call that runs until it is closed; empty if the call was refused. */
  private static Optional<OpenStream> begun(Api caller) {
    try {
      return Optional.of(OpenStream.of(caller, "services/alice/lent", OpenStream.ENDLESS));
    } catch (AssertionError refused) {
      assertThat(refused).hasMessageStartingWith("no stream: HTTP/1.1 429 ");
      return Optional.empty();
    }
  }

  @Test
  void a_web_socket_is_one_of_the_calls_at_a_time_until_it_ends() {
    limitAtATime(1);
    share("bob", Map.of(), false);
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    HttpClient client = HttpClient.newHttpClient();
    try {
      WebSocket first = bob.open(client, "alice/lent", closed);
      assertThatThrownBy(() -> bob.open(client, "alice/lent", closed))
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(429));
      bob.embed("alice/lent").isRefused(429, "rate_limited");

      first.abort();
      Eventually.holds(Duration.ofSeconds(20), () -> bob.embed("alice/lent").status() == 200);
      limitAtATime(2);
      WebSocket unused = bob.open(client, "alice/lent", closed);
      bob.embed("alice/lent").isStatus(200);
      limitAtATime(1);
      Eventually.holds(Duration.ofSeconds(20), closed::isDone);
      assertThat(closed.join()).isEqualTo(1008);
    } finally {
      client.shutdownNow();
    }
  }

  private void limitAtATime(int calls) {
    alice.patch(LENT, Map.of("limits", Map.of("concurrent_calls", calls))).isStatus(200);
  }

  private static void assertExhausted(TestResponse reply) {
    reply.isRefused(429, "rate_limited");
    assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 62);
    assertThat(reply.header("x-should-retry")).isEmpty();
  }

  private static void assertPass(int count, Api caller) {
    for (int i = 0; i < count; i++) {
      caller.models("alice/lent").isStatus(200);
    }
    assertExhausted(caller.models("alice/lent"));
  }

  @Test
  void the_limit_of_a_share_is_its_holders_alone() {
    Api carol = journey.user(node, "carol");
    share("bob", perMinute(5), false);
    share("carol", perMinute(3), false);

    assertPass(5, bob);
    assertPass(3, carol);
    alice.models("alice/lent").isStatus(200);
  }

  @Test
  void the_limit_of_a_service_holds_for_each_caller_who_has_none_of_their_own() {
    alice.patch(LENT, Map.of("limits", perMinute(2))).isStatus(200);
    Api carol = journey.user(node, "carol");
    share("bob", Map.of(), false);
    share("carol", perMinute(4), false);

    assertPass(2, bob);
    assertPass(4, carol);
  }

  @Test
  void the_limit_of_a_token_holds_for_all_that_is_called_with_it() {
    journey.service(alice, "alice/other");
    Map<String, Object> command = Map.of("name", "limited", "limits", perMinute(3));
    String token = alice.post("/v1/users/alice/tokens", command).isStatus(201).text("/token");
    Api limited = alice.holding(journey.token(token));

    limited.models("alice/lent").isStatus(200);
    limited.models("alice/other").isStatus(200);
    limited.models("alice/lent").isStatus(200);
    assertExhausted(limited.models("alice/other"));
    alice.models("alice/other").isStatus(200);
  }

  @Test
  void tokens_that_a_limited_one_created_make_no_more_calls_than_it_alone() {
    Map<String, Object> command = Map.of("name", "limited", "limits", perMinute(5));
    Api limited = alice.holding(created(alice, "/v1/users/alice/tokens", command, "/token"));
    List<Api> callers = new ArrayList<>(List.of(limited));
    for (int i = 0; i < 5; i++) {
      callers.add(alice.holding(created(limited, "/v1/users/alice/tokens", command, "/token")));
    }

    assertThat(passed(callers)).isEqualTo(5);
    assertThat(journey.provider().requests()).hasSize(5);
  }

  @Test
  void tokens_count_against_a_limited_one_that_is_gone() {
    Map<String, Object> command = Map.of("name", "limited", "limits", perMinute(2));
    TestResponse first = alice.post("/v1/users/alice/tokens", command).isStatus(201);
    Api limited = alice.holding(journey.token(first.text("/token")));
    List<Api> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(alice.holding(created(limited, "/v1/users/alice/tokens", command, "/token")));
    }
    alice.delete("/v1/users/alice/tokens/" + first.text("/id")).isStatus(204);

    assertThat(passed(children)).isEqualTo(2);
  }

  @Test
  void a_users_first_token_counts_against_the_limited_one_that_created_the_user() {
    Map<String, Object> command = Map.of("name", "limited", "limits", perMinute(3));
    Api limited = root.holding(created(root, "/v1/users/root/tokens", command, "/token"));
    List<Api> newcomers = new ArrayList<>();
    for (String handle : List.of("dora", "emil")) {
      newcomers.add(
          root.holding(created(limited, "/v1/users", Map.of("handle", handle), "/access_token")));
      share(handle, Map.of(), false);
    }

    assertThat(passed(newcomers)).isEqualTo(3);
  }

  @Test
  void all_to_whom_a_co_owner_gives_shares_make_no_more_calls_than_the_co_owner_alone() {
    Map<String, Object> owner = Map.of("role", "owner", "limits", perMinute(4));
    assertThat(alice.put(LENT + "/shares/bob", owner).status()).isEqualTo(201);
    List<Api> callers = new ArrayList<>(List.of(bob));
    for (String handle : List.of("carol", "dave", "erin")) {
      callers.add(journey.user(node, handle));
      Map<String, Object> reader = Map.of("role", "reader", "limits", perMinute(4));
      assertThat(bob.put(LENT + "/shares/" + handle, reader).status()).isEqualTo(201);
    }

    assertThat(passed(callers)).isEqualTo(4);
    alice.models("alice/lent").isStatus(200);
  }

  private String created(Api actor, String path, Map<String, Object> command, String where) {
    return journey.token(actor.post(path, command).isStatus(201).text(where));
  }

  /** How many calls pass when each caller makes ten in turn. */
  private static int passed(List<Api> callers) {
    int passed = 0;
    for (int i = 0; i < 10; i++) {
      for (Api caller : callers) {
        TestResponse reply = caller.models("alice/lent");
        if (reply.status() == 200) {
          passed++;
        } else {
          assertExhausted(reply);
        }
      }
    }
    return passed;
  }

  @Test
  void through_a_project_the_callers_share_counts_and_the_owners_too() {
    Api carol = journey.user(node, "carol");
    Api dave = journey.user(node, "dave");
    share("bob", perMinute(3), false);
    share("carol", perMinute(5), true);
    carol.put(CORPUS, Map.of("service", "alice/lent")).isStatus(201);
    for (String member : List.of("bob", "dave")) {
      carol.put(CORPUS + "/shares/" + member, Map.of("role", "reader")).isStatus(201);
    }

    for (int i = 0; i < 3; i++) {
      bob.callProject("carol/corpus", "embeddings").isStatus(200);
    }
    assertExhausted(bob.callProject("carol/corpus", "embeddings"));
    assertExhausted(bob.models("alice/lent"));
    for (int i = 0; i < 2; i++) {
      dave.callProject("carol/corpus", "embeddings").isStatus(200);
    }
    assertExhausted(dave.callProject("carol/corpus", "embeddings"));
    assertExhausted(carol.models("alice/lent"));
    alice.models("alice/lent").isStatus(200);
  }

  @Test
  void only_the_models_and_operations_that_are_allowed_can_be_asked_for() {
    Map<String, Object> limits =
        Map.of("models", List.of("small", "tiny"), "operations", List.of("POST embeddings"));
    share("bob", limits, false);

    embed("small").isStatus(200);
    embed("tiny").isStatus(200);
    embed("large").isRefused(403, "model_not_allowed");
    bob.embed("alice/lent", Map.of("model", "small", "models", List.of("large")))
        .isRefused(403, "model_not_allowed");
    bob.embed("alice/lent", Map.of("model", "small", "fallbacks", "default"))
        .isRefused(403, "model_not_readable");
    bob.embed("alice/lent", Map.of("input", "Hello")).isRefused(403, "model_not_readable");
    bob.models("alice/lent").isRefused(403, "operation_beyond_limits");
    bob.call("alice/lent", "chat/completions", Map.of("model", "small"))
        .isRefused(403, "operation_beyond_limits");
    bob.call("alice/lent", "assistants", Map.of("model", "small"))
        .isRefused(403, "operation_not_allowed");
    assertThat(journey.provider().requests()).hasSize(2);
  }

  private TestResponse embed(String model) {
    return bob.embed("alice/lent", Map.of("model", model, "input", "Hello"));
  }

  @Test
  void through_an_open_project_everybody_has_the_limits_of_the_service_until_its_owner_ends_it() {
    alice.patch(LENT, Map.of("limits", perMinute(2))).isStatus(200);
    Api carol = journey.user(node, "carol");
    Api dan = journey.user(node, "dan");
    Map<String, Object> share =
        Map.of("role", "reader", "may_reshare", true, "to_everybody", true, "limits", perMinute(3));
    alice.put(LENT + "/shares/carol", share).isStatus(201);
    carol.put(CORPUS, Map.of("service", "alice/lent", "visibility", "everybody")).isStatus(201);

    dan.callProject("carol/corpus", "embeddings").isStatus(200);
    dan.callProject("carol/corpus", "embeddings").isStatus(200);
    assertExhausted(dan.callProject("carol/corpus", "embeddings"));
    bob.callProject("carol/corpus", "embeddings").isStatus(200);
    assertExhausted(bob.callProject("carol/corpus", "embeddings"));
    bob.callProject("carol/nothing", "embeddings").isStatus(404);

    carol.patch(CORPUS, Map.of("limits", perMinute(1))).isStatus(200);
    Api erin = journey.user(node, "erin");
    alice.patch(LENT + "/shares/carol", Map.of("limits", perMinute(9))).isStatus(200);
    Eventually.holds(
        Duration.ofSeconds(20),
        () -> erin.callProject("carol/corpus", "embeddings").status() == 200);
    assertExhausted(erin.callProject("carol/corpus", "embeddings"));
    Api frank = journey.user(node, "frank");
    frank.callProject("carol/corpus", "embeddings").isStatus(200);

    alice.patch(LENT + "/shares/carol", Map.of("to_everybody", false)).isStatus(200);
    Eventually.answers(404, () -> bob.callProject("carol/corpus", "embeddings")).isStatus(404);
    alice.patch(LENT + "/shares/carol", Map.of("to_everybody", true)).isStatus(200);
    bob.callProject("carol/corpus", "embeddings").isStatus(404);
  }
}
