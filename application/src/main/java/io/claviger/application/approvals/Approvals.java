package io.claviger.application.approvals;

import io.claviger.application.accounts.port.CredentialStore;
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
 * Lists, finds and decides changes of services that wait for the consent of other people. A change
 * can be seen by the user who requested it (the asker), by the owners of the service and by
 * administrators; for anybody else, the answer is {@code not_found}. A token of scope use is
 * refused with {@code forbidden}.
 */
public interface Approvals {
  /** Lists the waiting changes that the actor requested or may decide about, the oldest first. */
  Outcome<Page<Approval, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /** Finds a change that waits or has waited for consent. */
  Outcome<Approval> find(Actor actor, Approval.Id id);

  /**
   * Consents to a change. When the last missing consent is given, the change is made. But it is
   * made only if the asker and everybody who consented still have the rights that they need for it.
   *
   * <p>If the actor is the asker, a service account, or a co-owner to whom the asker gave that role
   * within the last 7 days, the call is refused with {@code forbidden}. A change that has ended
   * causes the conflict {@code not_open}. A change that can't be made any more is ended, and causes
   * the conflict {@code lapsed}.
   */
  Outcome<Approval> approve(Actor actor, Approval.Id id);

  /**
   * Declines a change, which ends without being made. The asker may also end the change in this
   * way.
   */
  Outcome<Approval> decline(Actor actor, Approval.Id id);

  /** Ends overdue changes, and deletes changes that ended more than 30 days ago. */
  void lapse(Instant now);

  static Approvals of(
      ApprovalStore store,
      CredentialStore credentials,
      InstanceStore instances,
      ConsentedChange consented,
      AuditedChanges changes) {
    return new ApprovalUseCases(store, credentials, instances, consented, changes);
  }
}
