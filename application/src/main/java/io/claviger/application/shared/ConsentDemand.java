package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Stores changes that need the consent of other people, until the consent is given. */
public interface ConsentDemand {
  /** An implementation that stores nothing. A change that needs consent is an error for it. */
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
   * The change to make when enough users have consented.
   *
   * @param subject the thing that the change concerns, such as {@code share:bob}
   * @param fields the names of the changed fields, for people
   * @param terms the values before and after, in full and without secrets
   * @param image everything that is needed to make the change; it is sealed, because it may contain
   *     a key
   */
  record Wanted(
      Approval.Kind kind,
      String subject,
      List<String> fields,
      List<AuditEvent.Term> terms,
      String image) {}

  /**
   * Returns normally if the change needs nobody's consent. If the change needs consent, the attempt
   * ends, and the change waits for consent. Called at the end of the attempt, within the
   * transaction of the attempt.
   *
   * @param service the service before the change
   * @param log knows whether enough users have consented to the change
   * @throws OtherChange when the change has to wait
   */
  void demand(ChangeLog log, Actor actor, Instance service, Wanted wanted);

  /**
   * Returns those services of a transfer whose change of owner needs a consent that has not been
   * given. Also prevents changes of these services until the transaction ends.
   */
  List<Instance.Ref> unconsented(UUID transfer);

  /**
   * Returns services of a user that can be deleted only with the consent of other people, {@value
   * #NAMED} at most. Also prevents changes of these services until the transaction ends.
   */
  List<Instance.Ref> guardedOf(User.Id owner);

  /** The greatest number of services that a refusal names. */
  int NAMED = 20;

  /**
   * Refuses to delete a user who has services that can be deleted only with the consent of other
   * people.
   *
   * @throws RefusedException as the conflict {@code approval_required}
   */
  default void demandDeletable(User.Id owner) {
    List<Instance.Ref> guarded = guardedOf(owner);
    if (!guarded.isEmpty()) {
      throw new RefusedException(
          new Refusal.Conflict(
              "approval_required",
              "Deleting these services needs the consent of others, so delete or transfer them"
                  + " first: "
                  + guarded.stream().map(Instance.Ref::toString).collect(Collectors.joining(", "))
                  + "."));
    }
  }
}
