package io.claviger.application.sharing;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Share;

final class FindSharesService implements FindShares {
  private final InstanceStore instances;
  private final InstanceShareStore shares;
  private final Shares<InstanceId> grants;
  private final AuditedChanges attempts;

  FindSharesService(
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      AuditedChanges attempts) {
    this.instances = instances;
    this.shares = shares;
    this.grants = new Shares<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome find(Actor actor, InstanceRef ref, Handle grantee) {
    try {
      SharedInstance shared = lookedAt(actor, ref);
      return grants
          .find(shared.id(), grantee)
          .<Outcome>map(Outcome.Found::new)
          .orElseThrow(RefusedException::notFound);
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  @Override
  public ListOutcome list(Actor actor, InstanceRef ref, PageRequest<Handle> page) {
    try {
      SharedInstance shared = lookedAt(actor, ref);
      return new ListOutcome.Listed(
          Page.of(
              shares.listOf(shared.id(), page.after(), page.limit() + 1),
              page.limit(),
              Share::granteeHandle));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }

  private SharedInstance lookedAt(Actor actor, InstanceRef ref) {
    actor.demandManage();
    SharedInstance shared =
        SharedInstance.visible(actor, instances.find(ref, actor.id()), attempts.now());
    if (shared.may(Action.SEE_SHARES) != Permission.GRANTED) {
      throw RefusedException.forbidden("Your role on this service does not show its shares.");
    }
    return shared;
  }
}
