package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How calls are counted: in the database for all nodes, and in the metrics of each node. */
class UsageJourneyTest {
  private static final long A_SECOND = 1_000_000_000L;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private Api alice = journey.root(node);
  private Api bob = alice;

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void lend() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
  }

  @Test
  void what_calls_used_is_in_the_books_within_a_moment() {
    alice.put("/v1/projects/alice/corpus", Map.of("service", "alice/lent")).isStatus(201);
    alice.put("/v1/projects/alice/corpus/shares/bob", Map.of("role", "reader")).isStatus(201);
    TestResponse answer = bob.embed("alice/lent").isStatus(200);
    bob.at(journey.startNode()).embed("alice/lent").isStatus(200);
    bob.embed("alice/lent", Map.of("model", "stub-status-500", "input", "x")).isStatus(500);
    bob.callProject("alice/corpus", "embeddings").isStatus(200);
    alice.models("alice/lent").isStatus(200);
    bob.embed("alice/none").isStatus(404);

    List<String> lines =
        List.of(
            "alice alice/lent null central 1 0",
            "bob alice/lent alice/corpus central text-embedding-3-small 1 0",
            "bob alice/lent null central stub-status-500 1 1",
            "bob alice/lent null central text-embedding-3-small 2 0");
    Eventually.holds(PATIENCE, () -> lines().equals(lines));
    int tokens = answer.at("/usage/prompt_tokens").intValue();
    assertThat(
            journey.column(
                "select input_tokens || ' ' || output_tokens from usage_daily"
                    + " where user_handle = 'bob' order by input_tokens"))
        .containsExactly("0 0", tokens + " 0", 2 * tokens + " 0");
    assertThat(
            journey.column("select bytes_out from usage_daily where project_ref = 'alice/corpus'"))
        .containsExactly(Integer.toString(answer.body().length()));
  }

  /** What is counted, without what it was. */
  private List<String> lines() {
    return journey.column(
        "select concat_ws(' ', user_handle, instance_ref, coalesce(project_ref, 'null'),"
            + " key_source, nullif(split_part(model, chr(31), 1), ''), requests, errors) as line from usage_daily"
            + " where day = (now() at time zone 'utc')::date order by line");
  }

  private int counted() {
    return Integer.parseInt(
        journey.column("select coalesce(sum(requests), 0) from usage_daily").get(0));
  }

  private static void call(Api caller, int times) {
    for (int i = 0; i < times; i++) {
      caller.models("alice/lent").isStatus(200);
    }
  }

  @Tag("thorough")
  @Test
  void a_node_that_is_told_to_end_writes_everything_down() throws Exception {
    try (Program program = Program.start(directory, journey.environment(), "serve")) {
      call(program.ready().caller(bob.token()), 30);
      program.terminate();
      program.ended(0);
    }

    assertThat(counted()).isEqualTo(30);
  }

  @Tag("thorough")
  @Test
  void a_node_that_is_killed_has_written_down_what_was_used_a_second_before() throws Exception {
    Deque<Long> answered = new ArrayDeque<>();
    long killed;
    try (Program program = Program.start(directory, journey.environment(), "serve")) {
      Api there = program.ready().caller(bob.token());
      while (answered.isEmpty() || answered.getLast() - answered.getFirst() < 3 * A_SECOND) {
        call(there, 1);
        answered.add(System.nanoTime());
        Eventually.pause();
      }
      killed = System.nanoTime();
      program.kill();
    }

    long promised = answered.stream().filter(at -> killed - at > A_SECOND).count();
    assertThat(counted()).isBetween((int) promised, answered.size());
    assertThat(promised).isGreaterThan(10);
  }

  @Test
  void the_metrics_tell_of_calls_refusals_times_and_what_is_open() {
    call(bob, 2);
    bob.embed("alice/none").isStatus(404);
    bob.call("alice/lent", "assistants", Map.of()).isRefused(403, "operation_not_allowed");
    try (OpenStream stream = OpenStream.of(bob, "services/alice/lent", OpenStream.ENDLESS)) {
      // An answer is counted once its head has been sent.
      Eventually.holds(PATIENCE, () -> figure("claviger_gateway_answers_open") == 1);
      assertThat(figure("claviger_gateway_provider_connections_open")).isPositive();
      assertThat(stream.isOver()).isFalse();
    }
    Eventually.holds(PATIENCE, () -> figure("claviger_gateway_answers_open") == 0);
    call(bob, 1);

    // A call is counted once its answer has been sent.
    Eventually.holds(
        PATIENCE,
        () -> calls("code=\"none\",format=\"openai\",key_source=\"central\",status=\"200\"") == 3);
    assertThat(calls("code=\"not_found\",format=\"unknown\",key_source=\"none\",status=\"404\""))
        .isEqualTo(1);
    assertThat(
            calls(
                "code=\"operation_not_allowed\",format=\"openai\",key_source=\"none\",status=\"403\""))
        .isEqualTo(1);
    Eventually.holds(
        PATIENCE, () -> figure("claviger_gateway_added_seconds_count{format=\"openai\"}") == 5);
    assertThat(figure("claviger_gateway_added_seconds_sum{format=\"openai\"}")).isPositive();
    assertThat(figure("claviger_gateway_provider_seconds_sum{format=\"openai\"}")).isPositive();
    assertThat(figure("claviger_gateway_connections")).isPositive();
    for (String pool : List.of("claviger", "claviger-calls", "claviger-watching")) {
      assertThat(figure("hikaricp_connections{pool=\"" + pool + "\"}")).isPositive();
    }
    Eventually.holds(
        PATIENCE,
        () ->
            figure("claviger_gateway_provider_connections_idle") >= 1
                && figure("claviger_gateway_provider_connections_idle")
                    == figure("claviger_gateway_provider_connections_open"));
  }

  private double calls(String tags) {
    return figure("claviger_gateway_calls_total{" + tags + "}");
  }

  private double figure(String name) {
    return journey
        .root(node)
        .get("/metrics")
        .isStatus(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(-1);
  }
}
