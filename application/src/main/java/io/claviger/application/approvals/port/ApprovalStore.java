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

/** Stores changes that wait for consent, or have waited for it. */
public interface ApprovalStore {
  /**
   * How many changes wait.
   *
   * @param byPerson whether the asker is a person
   */
  record Waiting(int ofService, int ofAsker, boolean byPerson) {}

  /**
   * Locks a service and a user, and counts what waits of the service, and what the user asked for.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when one of them is gone
   */
  Waiting lockAndCount(Instance.Id service, User.Id asker, Instant now);

  void insert(Approval approval, SealedValue change);

  /** Finds what an asker wants with this subject of a service and that has not ended. */
  Optional<Approval> lockWaiting(Instance.Id service, User.Id asker, String subject);

  Optional<Approval> find(Approval.Id id);

  Optional<Approval> lock(Approval.Id id);

  /** The sealed change; empty if it has ended. */
  Optional<SealedValue> change(Approval.Id id);

  void addConsent(Approval.Id id, Approval.Consent consent);

  /** Stores how it ended, and forgets the sealed change. */
  void end(Approval ended);

  /**
   * Lists what waits and what the user asked for or may decide about, the oldest first.
   *
   * @param administrator whether to list what waits of all services
   */
  List<Approval> waitingFor(
      User.Id user, boolean administrator, Instant now, Optional<TimeCursor> after, int limit);

  /** Locks changes whose time has run out and that nobody else has locked, the oldest first. */
  List<Approval> lockDue(Instant now, int limit);

  int deleteEndedBefore(Instant time);

  /**
   * What a user is to a service, or empty if there is no such user. Keeps the user as they are
   * until the transaction ends.
   *
   * @param now the time that decides whether the user's share has expired
   */
  Optional<Standing> hold(User.Id user, Instance.Id service, Instant now);

  /** Who is responsible for a service account: a person, or the managers of a group. */
  Set<User.Id> behind(User.Id account);

  /**
   * Finds services of an open transfer that need consent, and for which nobody has consented yet.
   */
  List<Instance.Ref> unconsented(UUID transfer);

  /** Finds services of a user whose deletion needs consent. */
  List<Instance.Ref> guardedOf(User.Id owner, int most);
}
