package io.claviger.application.sharing;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
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
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class ShareInstanceService implements ShareInstance {
  private final Instances instances;
  private final Shares shares;
  private final Users users;
  private final Attempts attempts;

  ShareInstanceService(Instances instances, Shares shares, Users users, Attempts attempts) {
    this.instances = instances;
    this.shares = shares;
    this.users = users;
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
    User grantee = grantee(shared, handle);
    Optional<UserId> via =
        permission == Permission.GRANTED
            ? Optional.empty()
            : Optional.of(withinOwnBounds(actor, shared, grantee, terms));
    Optional<Share> before = shares.lock(shared.id(), grantee.id());
    demand(permission(shared, terms, before));
    precondition.demand(before.map(s -> OptionalLong.of(s.version())).orElse(OptionalLong.empty()));

    if (before.filter(s -> isTheSame(s, actor, terms, via)).isPresent()) {
      return new Outcome.Shared(before.get(), false);
    }
    Share share =
        new Share(
            grantee.id(),
            grantee.handle(),
            terms,
            Optional.of(actor.handle()),
            via,
            before.map(s -> s.version() + 1).orElse(1L),
            before.map(Share::createdAt).orElseGet(attempts::now));
    if (before.isEmpty()) {
      shares.insert(shared.id(), share, actor.id());
    } else {
      shares.update(shared.id(), share, actor.id());
      endWhatNoLongerFits(shared, share, ledger);
    }
    ledger.changed(
        AuditAction.SERVICE_SHARE, Targets.service(shared.instance()), List.of(handle.value()));
    return new Outcome.Shared(share, before.isEmpty());
  }

  private static boolean isTheSame(
      Share before, Actor actor, Share.Terms terms, Optional<UserId> via) {
    return before.terms().equals(terms)
        && before.givenBy().equals(Optional.of(actor.handle()))
        && before.givenVia().equals(via);
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

  private User grantee(SharedInstance shared, Handle handle) {
    if (shared.instance().isSystemLevel()) {
      throw RefusedException.invalid(
          new Fault("", "not_shareable", "Everybody uses what belongs to _system already."));
    }
    if (handle.isSystem() || handle.equals(shared.instance().ref().owner())) {
      throw RefusedException.invalid(
          new Fault(
              "/user", "not_shareable", "A share goes neither to the owning user nor to _system."));
    }
    return users
        .hold(handle)
        .orElseThrow(() -> RefusedException.invalid(Fault.unknownReference("user", "user")));
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
          "A co-owner gives no share that outlasts or exceeds their own: role, may_reshare, expires_at, limits.");
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
