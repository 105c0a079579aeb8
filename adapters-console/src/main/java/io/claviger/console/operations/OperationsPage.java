package io.claviger.console.operations;

import io.claviger.application.operations.Operations;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.console.page.Area;
import io.claviger.console.page.Views;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.util.stream.Collectors;

/** Shows administrators how the installation is. */
public final class OperationsPage {
  private final Operations operations;
  private final Views views;

  public OperationsPage(Operations operations, Views views) {
    this.operations = operations;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(Area.OPERATIONS.path()).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Operations.Status status = Problems.valueOf(operations.status(visit.signedIn().actor()));
    views.show(
        visit,
        Area.OPERATIONS,
        "Operations",
        "operations",
        new OperationsModel(
            status.checks().stream()
                .map(check -> new OperationsModel.Check(words(check.name()), check.ok()))
                .toList(),
            status.findings().stream().map(OperationsPage::finding).toList(),
            status.nodes().stream().map(OperationsPage::node).toList(),
            status.keys().stream()
                .map(key -> new OperationsModel.Key(key.id().toString(), key.live(), key.values()))
                .toList(),
            versions(status) > 1,
            status.revocation().map(OperationsPage::millis).orElse(null)));
  }

  private static long versions(Operations.Status status) {
    return status.nodes().stream()
        .filter(Operations.Node::live)
        .map(Operations.Node::version)
        .distinct()
        .count();
  }

  private static OperationsModel.Finding finding(Finding finding) {
    return switch (finding.level()) {
      case OK -> finding(finding, "fine", "good");
      case WARN -> finding(finding, "look at it", "warn");
      case FAIL -> finding(finding, "failed", "bad");
    };
  }

  private static OperationsModel.Finding finding(Finding finding, String label, String tone) {
    return new OperationsModel.Finding(words(finding.name()), label, tone, finding.what());
  }

  private static String millis(Duration time) {
    return "%,.1f ms".formatted(time.toNanos() / 1e6);
  }

  private static OperationsModel.Node node(Operations.Node node) {
    return new OperationsModel.Node(
        node.name(),
        node.version().orElse(""),
        node.live(),
        node.ago().toSeconds(),
        node.revocation().map(OperationsPage::millis).orElse(""),
        node.held().stream().map(Object::toString).collect(Collectors.joining(", ")),
        node.sealing().toString());
  }

  private static String words(String name) {
    return name.replace('_', ' ');
  }
}
