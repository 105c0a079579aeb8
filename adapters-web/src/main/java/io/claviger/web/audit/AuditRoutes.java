package io.claviger.web.audit;

import io.claviger.application.audit.FindAuditEvents;
import io.claviger.application.audit.Span;
import io.claviger.application.audit.Subject;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimePosition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Call;
import io.claviger.web.server.Position;
import io.claviger.web.server.Query;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/audit-events}. */
public final class AuditRoutes {
  private final FindAuditEvents find;

  public AuditRoutes(FindAuditEvents find) {
    this.find = find;
  }

  public void addTo(Routes routes) {
    routes
        .at("/v1/audit-events")
        .get(this::list, "actor", "action", "target", "since", "until", "limit", "cursor");
  }

  private void list(Call call) {
    Query query = call.query();
    Optional<Handle> actor = query.value("actor", Handle::new);
    Optional<AuditAction> action = query.value("action", AuditAction::of);
    Optional<Subject> target = query.value("target", Subject::of);
    Optional<Instant> since = query.value("since", text -> Times.parse("since", text));
    Optional<Span> span =
        query.value("until", text -> new Span(since, Optional.of(Times.parse("until", text))));
    PageRequest<TimePosition> page = call.page(Position.TIME);
    FindAuditEvents.Filter filter =
        new FindAuditEvents.Filter(
            actor, action, target, span.orElseGet(() -> new Span(since, Optional.empty())));
    switch (find.find(call.actor(), filter, page)) {
      case FindAuditEvents.Outcome.Listed listed ->
          call.list(listed.page(), Position.TIME, AuditEventJson::of);
      case FindAuditEvents.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
