package io.claviger.web.audit;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/audit-events}. */
public final class AuditRoutes implements RouteGroup {
  private final AuditEvents events;

  public AuditRoutes(AuditEvents events) {
    this.events = events;
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
