package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that does not answer, and one that can't be reached for a while. */
@Order(1)
@Tag("thorough")
class DatabaseAwayJourneyTest {
  private static final Duration SECONDS = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Journey journey = new Journey();
  private final DatabaseGate gate = journey.gate();
  private final Node beside = journey.startNode();
  private final Node node = journey.startNode(journey.environment(gate));
  private Api alice = journey.root(beside);
  private Api bob = alice;

  @BeforeEach
  void lend() {
    alice = journey.user(beside, "alice");
    bob = journey.user(beside, "bob").at(node);
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    for (int i = 0; i < 20; i++) {
      bob.models("alice/lent").isStatus(200);
    }
  }

  @AfterEach
  void close() {
    gate.goOn();
    journey.close();
    gate.close();
  }

  @Test
  void a_database_that_hangs_makes_503_instead_of_answers_of_before() {
    gate.hang();
    alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);
    Eventually.holds(SECONDS, () -> bob.models("alice/lent").status() != 200);
    for (int i = 0; i < 2; i++) {
      TestResponse refused = bob.models("alice/lent").isRefused(503, "service_unavailable");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    gate.goOn();
    Eventually.holds(PATIENCE, () -> bob.models("alice/lent").status() == 404);
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    Eventually.holds(PATIENCE, () -> bob.models("alice/lent").status() == 200);
  }

  @Test
  void while_the_database_is_gone_calls_under_way_finish_and_new_ones_are_503() {
    try (OpenStream stream =
        OpenStream.of(bob, "services/alice/lent", "stub-chunk-delay-100-count-40")) {
      gate.cut();
      Eventually.holds(SECONDS, () -> bob.models("alice/lent").status() != 200);
      TestResponse refused = bob.models("alice/lent").isRefused(503, "service_unavailable");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      Eventually.holds(SECONDS, stream::isOver);
      assertThat(stream.text()).contains("[DONE]").endsWith("<end>");
    }

    gate.mend();
    Eventually.holds(PATIENCE, () -> bob.models("alice/lent").status() == 200);
    assertThat(bob.get("/health/ready").status()).isEqualTo(200);
  }

  /** What the node has leased of a limit lasts two seconds from its last exchange on. */
  @Test
  void while_the_database_is_gone_waiting_calls_go_on_within_the_lease_and_then_are_503() {
    alice
        .patch(
            "/v1/llm-services/alice/lent",
            Map.of("provider_limits", Map.of("concurrent_calls", 1), "max_wait_ms", 120_000))
        .isStatus(200);
    Eventually.holds(
        SECONDS,
        () ->
            begin(2).stream().anyMatch(call -> !call.join().values("x-claviger-waited").isEmpty()));
    List<CompletableFuture<TestResponse>> calls = begin(12);
    Eventually.holds(SECONDS, () -> calls.stream().anyMatch(CompletableFuture::isDone));
    long before = calls.stream().filter(CompletableFuture::isDone).count();
    gate.cut();
    long cut = System.nanoTime();
    List<TestResponse> answers = calls.stream().map(CompletableFuture::join).toList();

    assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(SECONDS);
    long passed = answers.stream().filter(answer -> answer.status() == 200).count();
    assertThat(passed).as("of these, one was under way").isGreaterThanOrEqualTo(before + 2);
    assertThat(answers).filteredOn(answer -> answer.status() != 200).isNotEmpty();
    for (TestResponse answer : answers) {
      if (answer.status() != 200) {
        answer.isRefused(503, "service_unavailable");
      }
    }

    gate.mend();
    Eventually.holds(PATIENCE, () -> bob.embed("alice/lent").status() == 200);
  }

  private List<CompletableFuture<TestResponse>> begin(int calls) {
    Map<String, String> asked = Map.of("model", "stub-slow-first-byte-400", "input", "hello");
    return Stream.generate(
            () ->
                CompletableFuture.supplyAsync(
                    () -> bob.embed("alice/lent", asked), task -> Thread.startVirtualThread(task)))
        .limit(calls)
        .toList();
  }

  @Test
  void a_node_stops_though_the_database_hangs() {
    try (OpenStream used = OpenStream.of(bob, "services/alice/lent", OpenStream.ENDLESS)) {
      gate.hang();
      assertThat(used.isOver()).isFalse();
    }
    long began = System.nanoTime();
    journey.stop(node);

    // Service managers kill after 90 seconds.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
  }
}
