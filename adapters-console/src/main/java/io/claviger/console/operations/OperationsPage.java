package io.claviger.console.operations;

import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.operations.Operations;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Views;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows administrators the state of the installation. */
public final class OperationsPage implements ConsolePage {
  private final Operations operations;
  private final StatementIssuer issuer;
  private final Views views;

  public OperationsPage(Operations operations, StatementIssuer issuer, Views views) {
    this.operations = operations;
    this.issuer = issuer;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(Area.OPERATIONS.path()).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Operations.Status status = Problems.valueOf(operations.status(actor));
    views.show(
        visit,
        Area.OPERATIONS,
        "Operations",
        "operations",
        new OperationsView(
            status.checks().stream()
                .map(check -> new OperationsView.Check(words(check.name()), check.ok()))
                .toList(),
            status.findings().stream().map(OperationsPage::finding).toList(),
            status.nodes().stream().map(OperationsPage::node).toList(),
            status.keys().stream()
                .map(key -> new OperationsView.Key(key.id().toString(), key.live(), key.values()))
                .toList(),
            versions(status) > 1,
            status.revocation().map(OperationsPage::millis).orElse(null),
            issuer
                .show(actor, Optional.empty())
                .asOptional()
                .map(OperationsView.IssuerView::of)
                .orElse(null)));
  }

  private static long versions(Operations.Status status) {
    return status.nodes().stream()
        .filter(Operations.Node::live)
        .map(Operations.Node::version)
        .distinct()
        .count();
  }

  private static OperationsView.FindingLine finding(Finding finding) {
    return switch (finding.level()) {
      case OK -> finding(finding, "fine", "good");
      case WARN -> finding(finding, "look at it", "warn");
      case FAIL -> finding(finding, "failed", "bad");
    };
  }

  private static OperationsView.FindingLine finding(Finding finding, String label, String tone) {
    return new OperationsView.FindingLine(words(finding.name()), label, tone, finding.what());
  }

  private static String millis(Duration time) {
    return "%,.1f ms".formatted(time.toNanos() / 1e6);
  }

  private static OperationsView.Node node(Operations.Node node) {
    return new OperationsView.Node(
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

  /**
   * The state of the installation.
   *
   * @param versionsDiffer whether live nodes run different versions of Claviger
   * @param revocation the longest time that any node took to learn of a change, such as a
   *     revocation; null if no node has measured this time
   * @param issuer the issuer of JWTs about services; null if this installation is not an issuer
   */
  public record OperationsView(
      List<Check> checks,
      List<FindingLine> findings,
      List<Node> nodes,
      List<Key> keys,
      boolean versionsDiffer,
      @Nullable String revocation,
      @Nullable IssuerView issuer) {
    public OperationsView {
      checks = List.copyOf(checks);
      findings = List.copyOf(findings);
      nodes = List.copyOf(nodes);
      keys = List.copyOf(keys);
    }

    /** A condition that must hold so that the node can serve requests, in words. */
    public record Check(String name, boolean ok) {}

    /**
     * A finding of {@code claviger doctor}.
     *
     * @param tone the CSS class that gives the label its colour
     */
    public record FindingLine(String name, String label, String tone, String what) {}

    /**
     * A node.
     *
     * @param version the version of the program that the node runs; empty if the node does not
     *     report it
     * @param revocation the longest time that the node took to learn of a change, such as a
     *     revocation; empty if the node has not measured this time
     * @param secondsAgo the seconds since the node last reported its state
     * @param held the encryption keys that the node holds
     */
    public record Node(
        String name,
        String version,
        boolean live,
        long secondsAgo,
        String revocation,
        String held,
        String sealing) {}

    /** An encryption key, and the number of values that are encrypted with it. */
    public record Key(String id, boolean live, long values) {}

    /** The issuer of JWTs about services, with its keys, the newest first. */
    public record IssuerView(String address, String keySet, List<SigningKey> keys) {
      public IssuerView {
        keys = List.copyOf(keys);
      }

      static IssuerView of(StatementIssuer.IssuerStatus status) {
        return new IssuerView(
            status.issuer().value(),
            FederationGuide.keySetUrl(status.issuer()),
            status.keys().stream().map(SigningKey::of).toList());
      }
    }

    /**
     * A key with which Claviger signs JWTs about services.
     *
     * @param tone the CSS class that gives the state its colour
     * @param next the next event in the life of the key, in words; empty if it is not known
     * @param nextAt when the event {@code next} happens (ISO 8601); null if the time is not known
     *     yet
     */
    public record SigningKey(
        String kid,
        String state,
        String tone,
        String madeAt,
        String next,
        @Nullable String nextAt) {
      static SigningKey of(IssuerKey key) {
        return switch (key.state()) {
          case PUBLISHED ->
              of(
                  key,
                  "muted",
                  key.signsFrom().isPresent()
                      ? "signs from"
                      : "signs after the public address has shown it",
                  key.signsFrom());
          case SIGNING -> of(key, "good", "", Optional.empty());
          case RETIRED -> of(key, "muted", "leaves the key set", key.endsAt());
        };
      }

      private static SigningKey of(
          IssuerKey key, String tone, String next, Optional<Instant> nextAt) {
        return new SigningKey(
            key.kid(),
            key.state().wireName(),
            tone,
            key.createdAt().toString(),
            next,
            nextAt.map(Instant::toString).orElse(null));
      }
    }
  }
}
