package io.claviger.application.requests;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Share;
import java.util.Optional;

/** Grants requests to borrow services, by giving shares to the users who made the requests. */
final class GrantedRequests {
  private final ShareGrants grants;
  private final BorrowRequestStore requests;
  private final AuditedChanges changes;

  GrantedRequests(ShareGrants grants, BorrowRequestStore requests, AuditedChanges changes) {
    this.grants = grants;
    this.requests = requests;
    this.changes = changes;
  }

  /** Locks the projects that close with the asker's present share, before the service is locked. */
  void lockOpened(BorrowRequest request) {
    grants.lockOpened(request.service().ref(), GranteeName.user(request.asker().handle()));
  }

  /**
   * Returns a share with exactly the requested terms.
   *
   * @param seen the service, with the asker's shares
   * @throws RefusedException if no share can list the requested terms in addition to the asker's
   *     present terms
   */
  Share.Terms proposal(RequestedTerms wanted, InstanceStore.VisibleInstance seen) {
    try {
      return wanted.over(
          seen.shares().grant(changes.now()).map(HeldShares.Grant::terms),
          seen.instance().settings().limits());
    } catch (InvalidValue e) {
      throw RefusedException.invalid(
          new Fault(
              "",
              e.fault().code(),
              "A share can't list so much: at most 100 models, 100 operations and %d budgets."
                  .formatted(Budgets.MOST)));
    }
  }

  /**
   * Gives the share in the caller's transaction. Giving the share ends the request, which the
   * caller must have locked. If other users have to consent to the share, the request stays open
   * until they have consented.
   */
  BorrowRequests.Granted grant(
      Actor actor,
      BorrowRequest open,
      Share.Terms terms,
      Precondition precondition,
      ChangeLog log) {
    Share share =
        grants
            .share(
                actor,
                open.service().ref(),
                GranteeName.user(open.asker().handle()),
                precondition,
                terms,
                Field.absent(),
                Optional.of(open.id()),
                log)
            .share();
    return new BorrowRequests.Granted(requests.find(open.id()).orElseThrow(), share);
  }
}
