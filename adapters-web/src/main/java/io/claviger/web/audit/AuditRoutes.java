package io.claviger.web.audit;

import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.ChainHead;
import io.claviger.web.json.Times;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/audit-events}, and the signed head of the audit trail. */
public final class AuditRoutes implements RouteGroup {
  private final AuditEvents events;
  private final AuditChain chain;

  public AuditRoutes(AuditEvents events, AuditChain chain) {
    this.events = events;
    this.chain = chain;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/audit-events")
        .get(
            this::list,
            "actor",
            "action",
            "target",
            "outcome",
            "since",
            "until",
            "limit",
            "cursor");
    routes.at("/v1/audit-events/_head").get(this::head);
    routes.at("/v1/audit-events/_key").get(this::key);
  }

  private void head(ApiCall call) {
    call.ok(ChainHeadJson.of(signed(call)));
  }

  private void key(ApiCall call) {
    ChainHead head = signed(call);
    call.ok(new KeyJson(head.keyId(), "Ed25519", head.publicKey()));
  }

  /** The key that verifies the signatures of heads. */
  public record KeyJson(String id, String algorithm, String publicKey) {}

  private ChainHead signed(ApiCall call) {
    call.query().rejectUnread();
    return Problems.valueOf(chain.head(call.actor()))
        .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
  }

  private void list(ApiCall call) {
    Query query = call.query();
    Optional<Handle> actor = query.value("actor", Handle::new);
    Optional<AuditAction> action = query.value("action", AuditAction::of);
    Optional<AuditSubject> target = query.value("target", AuditSubject::of);
    Optional<AuditOutcome> outcome = query.value("outcome", AuditOutcome::of);
    Optional<Instant> since = query.value("since", text -> Times.parse("since", text));
    Optional<TimeSpan> span =
        query.value("until", text -> new TimeSpan(since, Optional.of(Times.parse("until", text))));
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    AuditFilter filter =
        new AuditFilter(
            actor,
            action,
            target,
            outcome,
            span.orElseGet(() -> new TimeSpan(since, Optional.empty())));
    call.list(
        Problems.valueOf(events.list(call.actor(), filter, page)),
        CursorFormat.TIME,
        AuditEventJson::of);
  }
}
