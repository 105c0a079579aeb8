package io.claviger.application.approvals;

import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.approvals.Approval;
import java.time.Instant;

/**
 * The changes of services that wait for the consent of others. The asker, the owners of the service
 * and administrators see one; for anybody else it is {@code not_found}. All methods are refused as
 * {@code forbidden} to a token of scope use.
 */
public interface Approvals {
  /** Lists what waits and what the actor asked for or may decide about, the oldest first. */
  Outcome<Page<Approval, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /** Finds a change that waits or that waited. */
  Outcome<Approval> find(Actor actor, Approval.Id id);

  /**
   * Consents to a change. The last consent that was missing makes it, with the rights that its
   * asker and all who consented have now.
   *
   * <p>Refused as {@code forbidden} to the asker, to service accounts, and to a co-owner whom the
   * asker made one within 7 days; as the conflict {@code not_open} when it has ended, and {@code
   * lapsed} when it can't be made any more, which ends it.
   */
  Outcome<Approval> approve(Actor actor, Approval.Id id);

  /** Ends a change without making it. The asker may do that too. */
  Outcome<Approval> decline(Actor actor, Approval.Id id);

  /** Ends changes whose time has run out, and deletes changes that ended long ago. */
  void lapse(Instant now);

  static Approvals of(
      ApprovalStore store,
      InstanceStore instances,
      ConsentedChange consented,
      AuditedChanges changes) {
    return new ApprovalUseCases(store, instances, consented, changes);
  }
}
