package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.Race;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Eight nodes use one database. The promises for one node also hold for all of them together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("thorough")
class EightNodesJourneyTest {
  private static final int NODES = 8;

  @AutoClose private final Journey journey = new Journey();
  private final List<Node> nodes =
      IntStream.range(0, NODES).mapToObj(n -> journey.startNode()).toList();
  private int users;

  private Api alice = journey.root(nodes.get(0));
  private Api bob = alice;

  @BeforeEach
  void lend() {
    users++;
    alice = journey.user(nodes.get(0), "alice-" + users);
    bob = journey.user(nodes.get(0), "bob-" + users);
    journey.service(alice, service());
    share("bob-" + users, Map.of());
  }

  private String service() {
    return "alice-" + users + "/lent";
  }

  private void share(String user, Map<String, ?> limits) {
    assertThat(
            alice
                .put(
                    "/v1/llm-services/" + service() + "/shares/" + user,
                    Map.of("role", "reader", "limits", limits))
                .status())
        .isIn(200, 201);
  }

  @Test
  void all_nodes_soon_refuse_what_one_has_revoked() {
    List<Api> everywhere = nodes.stream().map(bob::at).toList();
    everywhere.forEach(
        there -> Eventually.answers(200, () -> there.models(service())).isStatus(200));

    alice.delete("/v1/llm-services/" + service() + "/shares/bob-" + users).isStatus(204);

    everywhere.forEach(
        there -> Eventually.answers(404, () -> there.models(service())).isStatus(404));
  }

  @Test
  void all_nodes_together_let_pass_no_more_requests_than_one_would() {
    share("bob-" + users, Map.of("requests_per_minute", 40));

    assertThat(passed(20)).isBetween(36, 40);
  }

  @Test
  void all_nodes_together_spend_no_more_of_a_strict_budget_than_one_would() {
    Map<String, Object> budget =
        Map.of("amount", 50, "unit", "requests", "window", "day", "bound", "strict");
    share("bob-" + users, Map.of("budgets", List.of(budget)));

    assertThat(passed(20)).isEqualTo(50);
  }

  /** How many calls pass when every node gets some at the same time. */
  private int passed(int callsPerNode) {
    return (int)
        Race.of(NODES, n -> bob.at(nodes.get(n)).embed(service()).status(), callsPerNode).stream()
            .filter(status -> status == 200)
            .count();
  }
}
