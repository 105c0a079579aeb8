package io.claviger.application.approvals.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.approvals.ConsentRules.Standing;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores changes that wait for consent, and changes that waited for consent earlier. */
public interface ApprovalStore {
  /**
   * How many changes wait for consent.
   *
   * @param byPerson whether the user who requested the change is a person, and not a service
   *     account
   */
  record Waiting(int ofService, int ofAsker, boolean byPerson) {}

  /**
   * Locks a service and a user, and counts two things: the waiting changes of the service, and
   * those that the user requested.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the service or the user has
   *     been deleted
   */
  Waiting lockAndCount(Instance.Id service, User.Id asker, Instant now);

  void insert(Approval approval, SealedValue change);

  /** Finds and locks the open change that this user requested for this service and this subject. */
  Optional<Approval> lockWaiting(Instance.Id service, User.Id asker, String subject);

  Optional<Approval> find(Approval.Id id);

  Optional<Approval> lock(Approval.Id id);

  /** Returns the sealed change; empty if the change has ended. */
  Optional<SealedValue> change(Approval.Id id);

  void addConsent(Approval.Id id, Approval.Consent consent);

  /** Stores how a change ended, and deletes its sealed text. */
  void end(Approval ended);

  /**
   * Lists the waiting changes that the user requested or may decide about, the oldest first.
   *
   * @param administrator whether to list the waiting changes of all services
   */
  List<Approval> waitingFor(
      User.Id user, boolean administrator, Instant now, Optional<TimeCursor> after, int limit);

  /** Locks overdue changes that no other transaction has locked, the oldest first. */
  List<Approval> lockDue(Instant now, int limit);

  int deleteEndedBefore(Instant time);

  /**
   * Returns how a user is related to a service: the role and other facts, or empty if there is no
   * such user. This also prevents changes of the user until the transaction ends.
   *
   * @param now the time that decides whether the user's share has expired
   */
  Optional<Standing> hold(User.Id user, Instance.Id service, Instant now);

  /** Returns who is responsible for a service account: a person, or the managers of a group. */
  Set<User.Id> behind(User.Id account);

  /**
   * Of the services in an open transfer, finds those that may be transferred only with consent, if
   * nobody has consented to their transfer yet.
   */
  List<Instance.Ref> unconsented(UUID transfer);

  /** Finds services of a user that may be deleted only with consent. */
  List<Instance.Ref> guardedOf(User.Id owner, int most);
}
