package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what happens to the turns of a node that is killed. */
@Tag("thorough")
class KilledNodeTurnsJourneyTest extends SharedNode {
  private static final String LENT = "/v1/llm-services/alice/lent";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What a node has leased ends after two seconds; then others exchange, on a busy machine. */
  private static final Duration LEASE_AND_EXCHANGE = Duration.ofSeconds(5);

  @TempDir private Path directory = Path.of("");

  KilledNodeTurnsJourneyTest() {
    super(Map.of()); // it kills nodes
  }

  @Test
  void what_a_killed_node_had_goes_to_those_who_wait_elsewhere() throws Exception {
    Api alice = journey.user(node, "alice");
    Api bob = journey.user(node, "bob");
    Api carol = journey.user(node, "carol");
    journey.service(alice, "alice/lent");
    alice
        .patch(
            LENT, Map.of("provider_limits", Map.of("concurrent_calls", 3), "max_wait_ms", 60_000))
        .isStatus(200);
    for (String borrower : List.of("bob", "carol")) {
      alice.share("alice/lent", borrower, "reader").isStatus(201);
    }
    List<CompletableFuture<TestResponse>> waiting;
    long killed;
    try (Program program = Program.start(directory, journey.environment(), "serve")) {
      Api there = program.ready().caller(bob.token());
      List<OpenStream> streams = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        streams.add(OpenStream.of(there, "services/alice/lent", OpenStream.ENDLESS));
      }
      waiting = begin(carol, 9);
      Eventually.holds(PATIENCE, () -> waiting(alice) == 9);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      killed = System.nanoTime();
      program.kill();
      Eventually.holds(PATIENCE, () -> streams.stream().allMatch(OpenStream::isOver));
      streams.forEach(OpenStream::close);
    }

    Object unused = CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new)).join();
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LEASE_AND_EXCHANGE);
    assertThat(waiting)
        .extracting(CompletableFuture::join)
        .allSatisfy(
            answer -> assertThat(answer.isStatus(200).values("x-claviger-waited")).hasSize(1));
    Eventually.holds(PATIENCE, () -> waiting(alice) == 0);
    assertThat(begin(carol, 9))
        .extracting(CompletableFuture::join)
        .extracting(TestResponse::status)
        .containsOnly(200);
  }

  private static int waiting(Api owner) {
    return owner.get(LENT + "/capacity").isStatus(200).at("/waiting/calls").intValue();
  }

  private static List<CompletableFuture<TestResponse>> begin(Api caller, int calls) {
    Executor threads = task -> Thread.startVirtualThread(task);
    Map<String, String> asked = Map.of("model", "stub-slow-first-byte-100", "input", "hello");
    return Stream.generate(
            () -> CompletableFuture.supplyAsync(() -> caller.embed("alice/lent", asked), threads))
        .limit(calls)
        .toList();
  }
}
