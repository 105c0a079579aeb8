package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A node that calls itself before it serves. */
class WarmUpJourneyTest {
  private static final Pattern CALLS = Pattern.compile("warmed up with (\\d+) calls to itself");

  @Test
  void nothing_of_the_calls_is_stored_or_counted() {
    try (Journey journey = new Journey()) {
      Node node = warmNode(journey);

      String metrics = journey.root(node).get("/metrics").isStatus(200).body();
      assertThat(metrics).doesNotContain("claviger_gateway_calls_total", "warm-up");
      Api alice = journey.user(node, "alice");
      String service = journey.service(alice, "alice/called");
      alice.embed(service).isStatus(200);
      journey.stop(node);
      assertThat(journey.everything()).contains("alice").doesNotContain("warm-up");
      assertThat(journey.column("select subject from budget_accounts")).isEmpty();
    }
  }

  /** A node that answered some of its calls. A busy machine may need more than a second for one. */
  private static Node warmNode(Journey journey) {
    for (String seconds : List.of("1", "5", "20")) {
      try (LogCapture log = LogCapture.begin()) {
        Map<String, String> environment = journey.environment();
        environment.put("CLAVIGER_WARM_UP_SECONDS", seconds);
        Node node = journey.startNode(environment);
        assertThat(log.everything()).doesNotContain("exceptionCaught", "io.netty");
        Matcher calls = CALLS.matcher(log.everything());
        assertThat(calls.find()).isTrue();
        if (Integer.parseInt(calls.group(1)) > 0) {
          return node;
        }
        journey.stop(node);
      }
    }
    throw new AssertionError("no call was answered");
  }
}
