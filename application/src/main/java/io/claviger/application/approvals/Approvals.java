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

/**
 * Lists, finds and decides changes of services that wait for the consent of other people. A change
 * is visible to the user who requested the change (the asker), to the owners of the service and to
 * administrators. After a transfer of the service, its owners no longer see the change. An asker
 * who no longer sees the service sees the change {@linkplain Approval#asAsked as it was requested}.
 * For anybody else, the answer is {@code not_found}. A token with the scope {@code use} is refused
 * with {@code forbidden}.
 */
public interface Approvals {
  /** Lists the waiting changes that the actor requested or may decide about, oldest first. */
  Outcome<Page<Approval, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /** Finds a change that is waiting or was waiting for consent. */
  Outcome<Approval> find(Actor actor, Approval.Id id);

  /**
   * Consents to a change. Once the last missing consent is given, the change is made. The change is
   * made only if the asker and everybody who consented still have the necessary rights.
   *
   * <p>The answer is {@code forbidden} if the actor is the asker or a service account. The answer
   * is also {@code forbidden} if the asker made the actor a co-owner within the last 7 days. If the
   * change has ended, the answer is the conflict {@code not_open}. If the change can no longer be
   * made, the change ends, and the answer is the conflict {@code lapsed}.
   */
  Outcome<Approval> approve(Actor actor, Approval.Id id);

  /**
   * Declines a change. The change ends without being made. The asker may also end the change with
   * this method.
   */
  Outcome<Approval> decline(Actor actor, Approval.Id id);

  /**
   * Ends overdue changes, each in its own transaction, and deletes changes that ended more than 30
   * days ago. If a change can't be ended, the others are still ended. The exception for the change
   * is thrown afterwards.
   */
  void lapse();

  static Approvals of(
      ApprovalStore store,
      CredentialStore credentials,
      InstanceStore instances,
      ConsentedChange consented,
      AuditedChanges changes) {
    return new ApprovalUseCases(store, credentials, instances, consented, changes);
  }
}
