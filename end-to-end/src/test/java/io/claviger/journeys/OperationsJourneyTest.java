package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What administrators see of two nodes. */
class OperationsJourneyTest extends SharedNode {
  private static final Pattern REVOCATION =
      Pattern.compile("(?m)^claviger_revocation_seconds (\\d\\S*)$");

  private final Node elsewhere = journey.startNode();

  OperationsJourneyTest() {
    super(Map.of()); // it sees all nodes of its database
  }

  @Test
  void nodes_are_shown_with_their_versions_and_what_the_doctor_finds() {
    Api other = root.at(elsewhere);
    Duration unused =
        Eventually.holds(
            Duration.ofSeconds(20),
            () ->
                other.get("/v1/operations").at("/nodes").findValues("version").stream()
                        .filter(version -> version.isString())
                        .count()
                    == 2);

    TestResponse shown = other.get("/v1/operations").isStatus(200);

    assertThat(shown.at("/nodes").size()).isEqualTo(2);
    assertThat(shown.at("/nodes/0/live").booleanValue()).isTrue();
    assertThat(shown.at("/findings").findValuesAsString("name"))
        .contains("sealing", "database", "clock", "schema", "encryption_keys", "listeners");
    assertThat(shown.at("/findings").findValuesAsString("level")).doesNotContain("fail");
    assertThat(shown.at("/encryption_keys").size()).isPositive();
  }

  @Test
  void a_node_with_calls_measures_how_long_it_takes_to_learn_of_what_another_one_did() {
    Api alice = journey.user(node, "alice");
    journey.service(alice, "alice/lent");
    Api other = alice.at(elsewhere);

    Duration unused =
        Eventually.holds(
            Duration.ofSeconds(20),
            () -> {
              alice.call("alice/lent", "embeddings", Map.of("model", "m", "input", "hi"));
              other.patch("/v1/llm-services/alice/lent", Map.of("description", now()));
              return measured().find();
            });

    Matcher found = measured();
    assertThat(found.find()).isTrue();
    assertThat(Double.parseDouble(found.group(1))).isBetween(0.0, 10.0);
  }

  private Matcher measured() {
    return REVOCATION.matcher(root.get("/metrics").body());
  }

  private static String now() {
    return Long.toString(System.nanoTime());
  }
}
