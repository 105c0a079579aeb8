package io.claviger.application.audit;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.util.Optional;

/**
 * Shows the audit trail, newest first: to administrators all of it, to others what is about things
 * that were theirs at the time.
 *
 * <p>Pages neither skip nor repeat what was on record when the first was read. What is recorded
 * later, with the time at which it was done, may lie before a page that was read already.
 */
public interface FindAuditEvents {
  Outcome find(Actor actor, Filter filter, PageRequest<TimeCursor> page);

  /**
   * Empty parts filter nothing.
   *
   * @param actor by the handle at the time
   */
  record Filter(
      Optional<Handle> actor,
      Optional<AuditAction> action,
      Optional<AuditSubject> target,
      TimeSpan span) {
    public static final Filter NONE =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), TimeSpan.ALWAYS);

    public boolean passes(AuditEvent event) {
      return (actor.isEmpty() || actor.equals(event.actorHandle()))
          && action.filter(a -> a != event.action()).isEmpty()
          && target.filter(t -> !t.isOf(event.target())).isEmpty()
          && span.contains(event.at());
    }
  }

  /** A page of events, or why not. */
  sealed interface Outcome {
    record Listed(Page<AuditEvent, TimeCursor> page) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }
}
