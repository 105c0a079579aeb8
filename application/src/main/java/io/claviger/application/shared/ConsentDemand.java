package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Lets changes wait that need the consent of others. */
public interface ConsentDemand {
  /** Without an implementation that lets changes wait, a change that needs consent is an error. */
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
   * @param subject what it changes, such as {@code share:bob}
   * @param fields the names of what changes, for people
   * @param terms the values before and after, without secrets
   * @param image all that is needed to do it. It is sealed, because it may have a key
   */
  record Wanted(
      Approval.Kind kind,
      String subject,
      List<String> fields,
      List<AuditEvent.Term> terms,
      String image) {}

  /**
   * Returns if the service needs nobody's consent. Otherwise the attempt ends, and the change that
   * it wanted waits for consent. Called when the attempt has done everything else, within its
   * transaction.
   *
   * @param service before the change
   * @param log knows whether the change has been consented to
   * @throws OtherChange when it waits
   */
  void demand(ChangeLog log, Actor actor, Instance service, Wanted wanted);

  /**
   * Returns the services of a transfer whose owner would change without the consent that they need
   * now. Holds these services until the transaction ends.
   */
  List<Instance.Ref> unconsented(UUID transfer);

  /**
   * Returns services of a user whose deletion needs the consent of others, {@value #NAMED} at most.
   * Holds them until the transaction ends.
   */
  List<Instance.Ref> guardedOf(User.Id owner);

  /** The most services that a refusal names. */
  int NAMED = 20;

  /**
   * Refuses to delete a user with services whose deletion needs the consent of others.
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
