package io.claviger.application.approvals.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.approvals.ConsentRules.Consenter;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores changes that are waiting or were waiting for consent. */
public interface ApprovalStore {
  /**
   * The number of changes that wait for consent.
   *
   * @param byPerson whether a person requested the change, not a service account
   */
  record Waiting(int ofService, int ofAsker, boolean byPerson) {}

  /**
   * Locks a service and a user. Counts the waiting changes of the service and the waiting changes
   * that the user requested.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the service or the user has
   *     been deleted
   */
  Waiting lockAndCount(Instance.Id service, User.Id asker, Instant now);

  /**
   * Stores a waiting change. Of the asker's changes that lapsed or were declined, only the last
   * {@link Approval#MOST_KEPT} are kept.
   */
  void insert(Approval approval, SealedValue change);

  /**
   * Finds and locks the waiting change with the given {@code subject} that the given user requested
   * for the given service.
   */
  Optional<Approval> lockWaiting(Instance.Id service, User.Id asker, String subject);

  Optional<Approval> find(Approval.Id id);

  Optional<Approval> lock(Approval.Id id);

  /** Returns the sealed change. Empty if the change has ended. */
  Optional<SealedValue> change(Approval.Id id);

  void addConsent(Approval.Id id, Approval.Consent consent);

  /** Stores how a change ended and deletes the sealed change. */
  void end(Approval ended);

  /**
   * Lists the waiting changes that the user requested or may decide about, oldest first.
   *
   * @param administrator whether to list the waiting changes of all services
   */
  List<Approval> waitingFor(
      User.Id user, boolean administrator, Instant now, Optional<TimeCursor> after, int limit);

  /**
   * Finds changes that are overdue according to the database's clock, in the order of their ids.
   *
   * @param after the id of the change after which the search begins; empty if the search begins
   *     with the first change
   */
  List<Approval.Id> due(Optional<Approval.Id> after, int limit);

  /**
   * Locks a change that is overdue according to the database's clock. Empty if the change is not
   * overdue, or if another transaction has locked it.
   */
  Optional<Approval> lockDue(Approval.Id id);

  /** Deletes changes that ended longer ago than the given time, by the database's clock. */
  int deleteEnded(Duration ago);

  /**
   * Returns the user's role and other facts about the user's relationship to a service. Empty if
   * there is no such user.
   *
   * @param now the present time; if the user's share has expired, the share is ignored
   */
  Optional<Consenter> find(User.Id user, Instance.Id service, Instant now);

  /** Returns the same as {@link #find}, and locks the user until the transaction ends. */
  Optional<Consenter> hold(User.Id user, Instance.Id service, Instant now);

  /**
   * Returns the users who are responsible for a service account: a person, or the managers of a
   * group.
   */
  Set<User.Id> behind(User.Id account);

  /** Finds the services of an open transfer that need more consents than the transfer has. */
  List<Instance.Ref> unconsented(UUID transfer);

  /** Finds a user's services that may be deleted only with consent. */
  List<Instance.Ref> guardedOf(User.Id owner, int most);
}
