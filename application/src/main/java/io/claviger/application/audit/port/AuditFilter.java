package io.claviger.application.audit.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import java.util.Optional;

/**
 * Selects audit events. Empty parts do not restrict the selection.
 *
 * @param actor the actor's handle at the time of the event
 * @param outcome how the attempt ended
 */
public record AuditFilter(
    Optional<Handle> actor,
    Optional<AuditAction> action,
    Optional<AuditSubject> target,
    Optional<AuditOutcome> outcome,
    TimeSpan span) {
  public static final AuditFilter NONE =
      new AuditFilter(Optional.empty(), Optional.empty(), Optional.empty(), TimeSpan.ALWAYS);

  /** A filter for events with any outcome. */
  public AuditFilter(
      Optional<Handle> actor,
      Optional<AuditAction> action,
      Optional<AuditSubject> target,
      TimeSpan span) {
    this(actor, action, target, Optional.empty(), span);
  }

  public boolean passes(AuditEvent event) {
    return (actor.isEmpty() || actor.equals(event.actorHandle()))
        && action.filter(a -> a != event.action()).isEmpty()
        && target.filter(t -> !t.isOf(event.target())).isEmpty()
        && outcome.filter(o -> o != event.outcome()).isEmpty()
        && span.contains(event.at());
  }
}
