package io.claviger.journeys;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The caller's address in the audit trail, with and without a trusted proxy. */
class BehindAProxyJourneyTest {
  @AutoClose private final Journey journey = new Journey();

  @Test
  void a_trusted_proxy_says_who_called() {
    Map<String, String> environment = journey.environment();
    environment.put("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1");
    Node node = journey.startNode(environment);
    call(node, "X-Forwarded-For", "198.51.100.1, 203.0.113.9");
    call(node, "Forwarded", "for=203.0.113.10");

    assertRecorded("203.0.113.10", "203.0.113.9");
  }

  @Test
  void nobody_else_does() {
    Node node = journey.startNode();
    call(node, "X-Forwarded-For", "203.0.113.9");

    assertRecorded("127.0.0.1");
  }

  /** Rejected tokens are recorded a moment later, because no call waits for the record. */
  private void assertRecorded(String... addresses) {
    Eventually.holds(Duration.ofSeconds(10), () -> addresses().equals(List.of(addresses)));
  }

  private List<String> addresses() {
    return journey.column(
        "select address from audit_events where action = 'token.rejected' order by address");
  }

  private static void call(Node node, String header, String value) {
    TestClient.of(node.gateway())
        .withToken("clv_typed-wrongly")
        .get("/gateway/services/alice/mine/models", header, value)
        .isStatus(401);
  }
}
