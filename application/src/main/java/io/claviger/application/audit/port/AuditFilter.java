package io.claviger.application.audit.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.util.Optional;

/**
 * Which audit events are wanted. Empty parts filter nothing.
 *
 * @param actor the actor's handle at the time
 */
public record AuditFilter(
    Optional<Handle> actor,
    Optional<AuditAction> action,
    Optional<AuditSubject> target,
    TimeSpan span) {
  public static final AuditFilter NONE =
      new AuditFilter(Optional.empty(), Optional.empty(), Optional.empty(), TimeSpan.ALWAYS);

  public boolean passes(AuditEvent event) {
    return (actor.isEmpty() || actor.equals(event.actorHandle()))
        && action.filter(a -> a != event.action()).isEmpty()
        && target.filter(t -> !t.isOf(event.target())).isEmpty()
        && span.contains(event.at());
  }
}
