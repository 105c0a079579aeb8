package io.claviger.application.sharing;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.grants.Grants;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.out.Shares;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Share;

final class FindSharesService implements FindShares {
  private final Instances instances;
  private final Shares shares;
  private final Grants<InstanceId> grants;
  private final Attempts attempts;

  FindSharesService(Instances instances, Shares shares, Users users, Attempts attempts) {
    this.instances = instances;
    this.shares = shares;
    this.grants = new Grants<>(shares, users, attempts);
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
              shares.of(shared.id(), page.after(), page.limit() + 1),
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
