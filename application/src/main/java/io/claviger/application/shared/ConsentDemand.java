package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Stores changes that need the consent of other users. A change is stored until the consent is
 * given.
 */
public interface ConsentDemand {
  /**
   * An implementation that stores nothing. This implementation throws an exception if a change
   * needs consent.
   */
  ConsentDemand NONE =
      new ConsentDemand() {
        @Override
        public void demand(ChangeLog log, Actor actor, Instance service, Wanted wanted) {
          if (service.settings().approvals().count() > 1 && !log.isConsented()) {
            throw new IllegalStateException("no change of a service can wait here");
          }
        }

        @Override
        public List<Instance.Ref> unconsented(UUID transfer) {
          return List.of();
        }

        @Override
        public List<Instance.Ref> guardedOf(User.Id owner) {
          return List.of();
        }
      };

  /**
   * A change that is to be made after enough users have consented to it.
   *
   * @param subject the subject of the change, such as {@code share:bob}
   * @param fields the human-readable names of the changed fields
   * @param terms the complete values before and after, without secrets
   * @param image everything that is needed to make the change; sealed, because it might contain a
   *     key
   */
  record Wanted(
      Approval.Kind kind,
      String subject,
      List<String> fields,
      List<AuditEvent.Term> terms,
      String image) {}

  /**
   * Does nothing if the change needs no consent. If it needs consent, ends the attempt and stores
   * the change, which then waits for consent. This method is called at the end of the attempt, in
   * its transaction.
   *
   * @param service the service before the change
   * @param log the log of the attempt, which states whether the change has the necessary consent
   * @throws OtherChange if the change has to wait
   */
  void demand(ChangeLog log, Actor actor, Instance service, Wanted wanted);

  /**
   * Returns a transfer's services that need consent to the change of owner and do not have this
   * consent yet. Until the transaction ends, nobody can change these services.
   */
  List<Instance.Ref> unconsented(UUID transfer);

  /**
   * Returns up to {@value #NAMED} of a user's services that can be deleted only with consent. Until
   * the transaction ends, nobody can change these services.
   */
  List<Instance.Ref> guardedOf(User.Id owner);

  /** The maximum number of services that a refusal names. */
  int NAMED = 20;

  /**
   * Refuses the deletion of a user if any of the user's services can be deleted only with consent.
   *
   * @throws RefusedException with the conflict {@code approval_required}
   */
  default void demandDeletable(User.Id owner) {
    List<Instance.Ref> guarded = guardedOf(owner);
    if (!guarded.isEmpty()) {
      throw RefusedException.conflict(
          "approval_required",
          "These services of the user can be deleted only with the consent of others. First"
              + " delete or transfer these services: "
              + guarded.stream().map(Instance.Ref::toString).collect(Collectors.joining(", "))
              + ".");
    }
  }
}
