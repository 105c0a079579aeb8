package io.claviger.web.operations;

import io.claviger.application.operations.Operations;
import io.claviger.application.operations.Operations.Node;
import io.claviger.application.operations.Operations.Status;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/operations}: the state of the installation, for administrators. */
public final class OperationsRoutes implements RouteGroup {
  private final Operations operations;

  public OperationsRoutes(Operations operations) {
    this.operations = operations;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/operations").get(this::show);
  }

  private void show(ApiCall call) {
    call.ok(OperationsJson.of(Problems.valueOf(operations.status(call.actor()))));
  }

  /** The state of the installation as the API shows it. */
  record OperationsJson(
      List<ReadinessCheckJson> checks,
      List<FindingJson> findings,
      List<NodeJson> nodes,
      List<KeyJson> encryptionKeys,
      Optional<BigDecimal> revocationMs) {
    private static final int NANO_IN_MILLI_DIGITS = 6;

    static OperationsJson of(Status status) {
      return new OperationsJson(
          status.checks().stream()
              .map(check -> new ReadinessCheckJson(check.name(), check.ok()))
              .toList(),
          status.findings().stream().map(FindingJson::of).toList(),
          status.nodes().stream().map(NodeJson::of).toList(),
          status.keys().stream().map(KeyJson::of).toList(),
          status.revocation().map(OperationsJson::millis));
    }

    private static BigDecimal millis(Duration time) {
      return BigDecimal.valueOf(time.toNanos(), NANO_IN_MILLI_DIGITS).stripTrailingZeros();
    }

    record ReadinessCheckJson(String name, boolean ok) {}

    record FindingJson(String level, String name, String detail) {
      static FindingJson of(Finding finding) {
        return new FindingJson(finding.level().wireName(), finding.name(), finding.what());
      }
    }

    record NodeJson(
        String name,
        Optional<String> version,
        boolean live,
        long silentMs,
        List<String> encryptionKeys,
        String sealing,
        Optional<BigDecimal> revocationMs) {
      static NodeJson of(Node node) {
        return new NodeJson(
            node.name(),
            node.version(),
            node.live(),
            node.ago().toMillis(),
            node.held().stream().map(Object::toString).toList(),
            node.sealing().toString(),
            node.revocation().map(OperationsJson::millis));
      }
    }

    record KeyJson(String id, boolean live, long values) {
      static KeyJson of(Operations.Key key) {
        return new KeyJson(key.id().toString(), key.live(), key.values());
      }
    }
  }
}
