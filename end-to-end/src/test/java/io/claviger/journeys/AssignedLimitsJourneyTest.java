package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What administrators set for users and groups holds for calls, also on a node that answers from
 * memory and took no part in the change.
 */
class AssignedLimitsJourneyTest extends LentService {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The paths at which administrators set limits that apply to Bob. */
  private static final List<String> SET_FOR_BOB =
      List.of("/v1/users/bob/limits", "/v1/groups/staff/limits", "/v1/groups/staff/pooled-limits");

  private final Node elsewhere = journey.startNode();
  private Api there = root;

  @BeforeEach
  void prepare() {
    root.put("/v1/groups/staff", Map.of()).isStatus(201);
    root.put("/v1/groups/staff/members/bob", Map.of("role", "member")).isStatus(201);
    there = bob.at(elsewhere);
    warm();
  }

  /** Calls until both nodes answer from memory. */
  private void warm() {
    for (Api caller : List.of(bob, there)) {
      Eventually.holds(PATIENCE, () -> chat(caller).status() == 200);
      chat(caller).isStatus(200);
    }
  }

  private static TestResponse chat(Api caller) {
    return caller.call(
        SERVICE,
        "chat/completions",
        Map.of(
            "model",
            "parrot-large",
            "max_tokens",
            10,
            "messages",
            List.of(Map.of("role", "user", "content", "Hello"))));
  }

  private void assertHolds(Map<String, ?> limits, int status, String code) {
    for (String path : SET_FOR_BOB) {
      root.put(path, limits).isStatus(200);

      assertThat(chat(bob).isStatus(status).header("X-Claviger-Error")).isEqualTo(code);
      Eventually.holds(Eventually.SOON, () -> chat(there).status() == status);
      assertThat(chat(there).isStatus(status).header("X-Claviger-Error")).isEqualTo(code);

      root.put(path, Map.of()).isStatus(200);
      assertThat(chat(bob).status()).isEqualTo(200);
      Eventually.holds(Eventually.SOON, () -> chat(there).status() == 200);
    }
  }

  @Test
  void models_operations_and_the_largest_output() {
    assertHolds(Map.of("models", List.of("other-*")), 403, "model_not_allowed");
    assertHolds(Map.of("operations", List.of("POST embeddings")), 403, "operation_beyond_limits");
    assertHolds(Map.of("max_output_tokens", 9), 403, "output_too_large");
  }

  @Test
  void budgets_on_all_nodes_together() {
    for (String path : SET_FOR_BOB) {
      Map<String, Object> one = Map.of("amount", 1, "unit", "requests", "window", "total");
      root.put(path, Map.of("budgets", List.of(one))).isStatus(200);
      int before = chat(bob).status(); // what a new budget begins with may use it up already

      assertThat(before).isIn(200, 402);
      chat(bob).isRefused(402, "budget_exhausted");
      Eventually.holds(Eventually.SOON, () -> chat(there).status() == 402);

      root.put(path, Map.of()).isStatus(200);
      Eventually.holds(Eventually.SOON, () -> chat(there).status() == 200);
    }
  }

  @Test
  void rates_on_all_nodes_together() {
    for (String path : SET_FOR_BOB) {
      root.put(path, Map.of("requests_per_minute", 3)).isStatus(200);
      for (int call = 0; call < 3; call++) {
        chat(bob).isStatus(200);
      }

      assertThat(chat(bob).isStatus(429).header("X-Claviger-Error")).isEqualTo("rate_limited");
      Eventually.holds(Eventually.SOON, () -> chat(there).status() == 429);

      root.put(path, Map.of()).isStatus(200);
      Eventually.holds(Eventually.SOON, () -> chat(there).status() == 200);
    }
  }

  @Test
  void who_leaves_the_group_is_free_of_its_limits() {
    root.put("/v1/groups/staff/pooled-limits", Map.of("models", List.of("other-*"))).isStatus(200);
    Eventually.holds(Eventually.SOON, () -> chat(there).status() == 403);

    root.delete("/v1/groups/staff/members/bob").isStatus(204);

    chat(bob).isStatus(200);
    Eventually.holds(Eventually.SOON, () -> chat(there).status() == 200);
  }
}
