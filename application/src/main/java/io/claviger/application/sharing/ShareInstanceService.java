package io.claviger.application.sharing;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.port.InstanceShareStore;
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
  private final InstanceStore instances;
  private final InstanceShareStore shares;
  private final Shares<InstanceId> grants;
  private final AuditedChanges attempts;

  ShareInstanceService(
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
  public Outcome share(
      Actor actor, InstanceRef ref, Handle grantee, Precondition precondition, Share.Terms terms) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(ref),
        ledger -> {
          SharedInstance shared =
              SharedInstance.visible(actor, instances.hold(ref, actor.id()), attempts.now());
          ledger.setTarget(AuditTargets.service(shared.instance()));
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
      ChangeLog ledger) {
    Permission permission = permission(shared, terms, Optional.empty());
    demand(permission);
    demandShareable(shared);
    User grantee = grants.grantee(handle, shared.instance().ref().owner());
    Optional<UserId> via =
        permission == Permission.GRANTED
            ? Optional.empty()
            : Optional.of(withinOwnBounds(actor, shared, grantee, terms));
    demand(permission(shared, terms, shares.lock(shared.id(), grantee.id())));
    Shares.Given given =
        grants.give(shared.id(), grantee, terms, actor.handle(), actor.id(), via, precondition);
    if (given.created()) {
      ledger.recordAddition(CountedKind.SHARE, actor.id());
    }
    if (given.changed()) {
      endWhatNoLongerFits(shared, given.share(), ledger);
      ledger.recordChange(
          AuditAction.SERVICE_SHARE,
          AuditTargets.service(shared.instance()),
          List.of(handle.value()));
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

  private void endWhatNoLongerFits(SharedInstance shared, Share share, ChangeLog ledger) {
    for (Share given : shares.givenVia(shared.id(), share.grantee())) {
      if (!given.terms().fitWithin(share.terms())) {
        shares.delete(shared.id(), given.grantee());
        ledger.recordChange(
            AuditAction.SERVICE_UNSHARE,
            AuditTargets.service(shared.instance()),
            List.of(given.granteeHandle().value()));
      }
    }
  }
}
