package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is taken away is gone: on the node that took the change with the next call, on every other
 * within 50 ms, which is counted out exactly where nothing else runs beside it. Here the machine
 * may be busy.
 */
@Order(2)
class RevocationJourneyTest extends LentService {
  private static final Duration BOUND = Duration.ofMillis(50);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Node other = journey.startNode();

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void prepare() {
    warm(bob);
  }

  /**
   * Calls until the node answers from memory. From then on, only the age limit of the memory ends
   * the access.
   */
  private static void warm(Api caller) {
    Eventually.holds(PATIENCE, () -> caller.models("alice/lent").status() == 200);
    for (int i = 0; i < 3; i++) {
      caller.models("alice/lent").isStatus(200);
    }
  }

  /** A change that ends Bob's access, and the one that restores it. */
  private record RevocationCase(Runnable revoke, Runnable restore, String code) {}

  private List<RevocationCase> cases() {
    return List.of(
        new RevocationCase(
            () -> alice.delete(LENT + "/shares/bob").isStatus(204),
            () -> alice.share("alice/lent", "bob", "reader").isStatus(201),
            "not_found"),
        new RevocationCase(
            () -> alice.patch(LENT, Map.of("enabled", false)).isStatus(200),
            () -> alice.patch(LENT, Map.of("enabled", true)).isStatus(200),
            "disabled"),
        new RevocationCase(
            () -> alice.patch(LENT, Map.of("key_policy", Policies.USER)).isStatus(200),
            () -> alice.patch(LENT, Map.of("key_policy", Policies.CENTRAL)).isStatus(200),
            "user_api_key_required"),
        new RevocationCase(
            () ->
                alice
                    .patch(LENT, Map.of("limits", Map.of("operations", List.of("POST embeddings"))))
                    .isStatus(200),
            () -> alice.patch(LENT, Map.of("limits", nothing("operations"))).isStatus(200),
            "operation_beyond_limits"));
  }

  @Test
  void on_the_node_that_took_the_change_the_very_next_call_is_refused() {
    for (int round = 0; round < 4; round++) {
      for (RevocationCase each : cases()) {
        warm(bob);
        each.revoke().run();
        assertThat(bob.models("alice/lent").header("X-Claviger-Error")).isEqualTo(each.code());
        each.restore().run();
        bob.models("alice/lent").isStatus(200);
      }
    }
  }

  @Test
  void on_another_node_revocations_of_each_kind_count_soon() {
    Api bobThere = bob.at(other);
    Map<String, Duration> quickest = new HashMap<>();
    int rounds = Integer.getInteger("test.revocations", 50);
    for (int round = 0; round < rounds; round++) {
      for (RevocationCase each : cases()) {
        warm(bobThere);
        each.revoke().run();
        Duration took =
            Eventually.holds(Eventually.SOON, () -> bobThere.models("alice/lent").status() != 200);
        quickest.merge(each.code(), took, (one, two) -> one.compareTo(two) < 0 ? one : two);
        assertThat(bobThere.models("alice/lent").header("X-Claviger-Error")).isEqualTo(each.code());
        each.restore().run();
      }
    }

    // A busy machine may be late at any time.
    assertThat(quickest.values()).isNotEmpty().allMatch(took -> took.compareTo(SOON) < 0);
  }

  @Test
  void a_token_revoked_at_one_is_worth_nothing_at_any_node() {
    for (int round = 0; round < 4; round++) {
      TestResponse issued =
          bob.post("/v1/users/bob/tokens", Map.of("name", "t" + round)).isStatus(201);
      Api here = bob.holding(journey.token(issued.text("/token")));
      warm(here);
      warm(here.at(other));
      bob.delete("/v1/users/bob/tokens/" + issued.text("/id")).isStatus(204);

      here.models("alice/lent").isRefused(401, "bad_token");
      Eventually.answers(401, () -> here.at(other).models("alice/lent")).isStatus(401);
    }
  }

  @Tag("thorough")
  @Test
  void a_node_that_was_paused_says_no_yes_of_before() throws Exception {
    try (Program program = Program.start(directory, journey.environment(), "serve")) {
      Program.Ready there = program.ready();
      Api bobThere = there.caller(bob.token());
      for (int round = 0; round < 5; round++) {
        warm(bobThere);
        program.pause();
        long paused = System.nanoTime();
        alice.delete(LENT + "/shares/bob").isStatus(204);
        // The remembered data is now older than the limit. Nothing else would show that it is
        // wrong.
        Eventually.holds(Eventually.SOON, () -> System.nanoTime() - paused > 2 * BOUND.toNanos());
        CompletableFuture<TestResponse> asked =
            CompletableFuture.supplyAsync(
                () -> bobThere.models("alice/lent"), Thread::startVirtualThread);
        program.goOn();

        asked.get().isRefused(404, "not_found");
        bobThere.models("alice/lent").isRefused(404, "not_found");
        alice.share("alice/lent", "bob", "reader").isStatus(201);
      }
    }
  }

  @Test
  void streams_end_with_an_error_once_what_they_rest_on_is_taken_away() {
    Api bobThere = bob.at(other);
    alice.put("/v1/projects/alice/corpus", Map.of("service", "alice/lent")).isStatus(201);
    for (RevocationCase each : cases().subList(0, 3)) {
      warm(bobThere);
      assertEnds(bobThere, "services/alice/lent", each.revoke(), each.code());
      each.restore().run();
    }
    warm(bobThere);
    assertEnds(
        bobThere,
        "services/alice/lent",
        () -> alice.patch(LENT, Map.of("api_key", journey.key("another"))).isStatus(200),
        "service_changed");
    warm(bobThere);
    assertEnds(
        alice.at(other),
        "projects/alice/corpus",
        () -> alice.patch("/v1/projects/alice/corpus", nothing("service")).isStatus(200),
        "project_unbound");
    String id = bob.get("/v1/me").isStatus(200).text("/token/id");
    warm(bobThere);
    assertEnds(
        bobThere,
        "services/alice/lent",
        () -> bob.delete("/v1/users/bob/tokens/" + id).isStatus(204),
        "bad_token");
  }

  private static Map<String, Object> nothing(String field) {
    Map<String, Object> json = new HashMap<>();
    json.put(field, null);
    return json;
  }

  /** Streams end within a second, and later on a busy machine. */
  private static void assertEnds(Api caller, String path, Runnable revoke, String code) {
    try (OpenStream stream = OpenStream.of(caller, path, OpenStream.ENDLESS)) {
      Eventually.holds(PATIENCE, () -> stream.text().contains("data: "));
      revoke.run();
      Eventually.holds(Duration.ofSeconds(5), stream::isOver);

      assertThat(stream.text()).contains("\"code\":\"" + code + "\"").endsWith("<broken>");
    }
  }
}
