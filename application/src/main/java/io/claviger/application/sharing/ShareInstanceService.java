package io.claviger.application.sharing;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.grants.Grants;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Ledger;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Targets;
import io.claviger.application.sharing.out.Shares;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

final class ShareInstanceService implements ShareInstance {
  private final Instances instances;
  private final Shares shares;
  private final Grants<InstanceId> grants;
  private final Attempts attempts;

  ShareInstanceService(Instances instances, Shares shares, Users users, Attempts attempts) {
    this.instances = instances;
    this.shares = shares;
    this.grants = new Grants<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome share(
      Actor actor, InstanceRef ref, Handle grantee, Precondition precondition, Share.Terms terms) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_SHARE,
        Targets.service(ref),
        ledger -> {
          SharedInstance shared =
              SharedInstance.visible(actor, instances.hold(ref, actor.id()), attempts.now());
          ledger.about(Targets.service(shared.instance()));
          return shared(actor, shared, grantee, precondition, terms, ledger);
        },
        Outcome.Refused::new);
  }

  private Outcome shared(
      Actor actor,
      SharedInstance shared,
      Handle handle,
      Precondition precondition,
      Share.Terms terms,
      Ledger ledger) {
    Permission permission = permission(shared, terms, Optional.empty());
    demand(permission);
    demandShareable(shared);
    User grantee = grants.grantee(handle, shared.instance().ref().owner());
    Optional<UserId> via =
        permission == Permission.GRANTED
            ? Optional.empty()
            : Optional.of(withinOwnBounds(actor, shared, grantee, terms));
    demand(permission(shared, terms, shares.lock(shared.id(), grantee.id())));
    Grants.Given given =
        grants.give(shared.id(), grantee, terms, actor.handle(), actor.id(), via, precondition);
    if (given.created()) {
      ledger.added(CountedKind.SHARE, actor.id());
    }
    if (given.changed()) {
      endWhatNoLongerFits(shared, given.share(), ledger);
      ledger.changed(
          AuditAction.SERVICE_SHARE, Targets.service(shared.instance()), List.of(handle.value()));
    }
    return new Outcome.Shared(given.share(), given.created());
  }

  /** To give ownership and to change a share of an owner both take the right to do so. */
  private static Permission permission(
      SharedInstance shared, Share.Terms terms, Optional<Share> before) {
    boolean ownership =
        terms.role() == Role.OWNER
            || before.filter(s -> s.terms().role() == Role.OWNER).isPresent();
    return shared.may(ownership ? Action.SHARE_OWNERSHIP : Action.SHARE);
  }

  private static void demand(Permission permission) {
    switch (permission) {
      case GRANTED, WITHIN_OWN_BOUNDS -> {}
      case LEAVE_ONLY, DENIED ->
          throw RefusedException.forbidden(
              "Your role on this service does not allow giving this share.");
    }
  }

  private static void demandShareable(SharedInstance shared) {
    if (shared.instance().isSystemLevel()) {
      throw RefusedException.invalid(
          new Fault("", "not_shareable", "Everybody uses what belongs to _system already."));
    }
  }

  private UserId withinOwnBounds(
      Actor actor, SharedInstance shared, User grantee, Share.Terms terms) {
    if (grantee.id().equals(actor.id())) {
      throw RefusedException.forbidden("A co-owner can't change their own share.");
    }
    Share own =
        shares
            .hold(shared.id(), actor.id())
            .filter(s -> !s.expiredAt(attempts.now()))
            .orElseThrow(RefusedException::notFound);
    if (!terms.fitWithin(own.terms())) {
      throw RefusedException.forbidden(
          "A co-owner gives no share that outlasts or exceeds their own: role, may_reshare,"
              + " expires_at, limits.");
    }
    return actor.id();
  }

  private void endWhatNoLongerFits(SharedInstance shared, Share share, Ledger ledger) {
    for (Share given : shares.givenVia(shared.id(), share.grantee())) {
      if (!given.terms().fitWithin(share.terms())) {
        shares.delete(shared.id(), given.grantee());
        ledger.changed(
            AuditAction.SERVICE_UNSHARE,
            Targets.service(shared.instance()),
            List.of(given.granteeHandle().value()));
      }
    }
  }
}
