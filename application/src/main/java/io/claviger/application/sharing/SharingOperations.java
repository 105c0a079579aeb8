package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.Fault;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.sharing.TermsWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

final class SharingOperations implements Sharing {
  private final InstanceStore instances;
  private final InstanceShareStore store;
  private final Shares<InstanceId> shares;
  private final AuditedChanges changes;

  SharingOperations(
      InstanceStore instances,
      InstanceShareStore store,
      Grantees grantees,
      AuditedChanges changes) {
    this.instances = instances;
    this.store = store;
    this.shares = new Shares<>(store, grantees, changes);
    this.changes = changes;
  }

  @Override
  public Outcome<GivenShare> share(
      Actor actor,
      InstanceRef ref,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms) {
    return changes.change(
        actor,
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(ref),
        log -> {
          SharedInstance shared = held(actor, ref, log);
          demand(permission(shared, terms, Optional.empty()));
          return give(actor, shared, grantee, precondition, before -> terms, log);
        });
  }

  @Override
  public Outcome<GivenShare> change(
      Actor actor,
      InstanceRef ref,
      GranteeName grantee,
      Precondition precondition,
      TermsWrite write) {
    return changes.change(
        actor,
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(ref),
        log -> {
          SharedInstance shared = held(actor, ref, log);
          demand(shared.may(Action.SHARE));
          Share found = shares.find(shared.id(), grantee);
          return give(
              actor,
              shared,
              found.grantee().name(),
              precondition,
              before -> write.over(before.orElseThrow(RefusedException::notFound).terms()),
              log);
        });
  }

  @Override
  public Outcome<GranteeName> end(
      Actor actor, InstanceRef ref, GranteeName grantee, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.SERVICE_UNSHARE,
        AuditTargets.service(ref),
        log -> {
          SharedInstance shared = heldToEnd(actor, ref, grantee, log);
          Optional<Share> share = shares.lock(shared.id(), grantee);
          demandMayEnd(actor, shared, grantee, share);
          end(shared, share, precondition, log);
          return grantee;
        });
  }

  @Override
  public Outcome<Share> find(Actor actor, InstanceRef ref, GranteeName grantee) {
    return Outcome.of(() -> shares.find(withVisibleShares(actor, ref).id(), grantee));
  }

  @Override
  public Outcome<Page<Share, GranteeName>> list(
      Actor actor, InstanceRef ref, PageRequest<GranteeName> page) {
    return Outcome.of(() -> shares.list(withVisibleShares(actor, ref).id(), page));
  }

  private SharedInstance withVisibleShares(Actor actor, InstanceRef ref) {
    actor.demandManage();
    SharedInstance shared =
        SharedInstance.visible(
            actor, instances.find(ref, actor.id(), changes.now()), changes.now());
    if (shared.may(Action.SEE_SHARES) != Permission.GRANTED) {
      throw RefusedException.forbidden("Your role on this service does not show its shares.");
    }
    return shared;
  }

  private SharedInstance held(Actor actor, InstanceRef ref, ChangeLog log) {
    SharedInstance shared =
        SharedInstance.visible(
            actor, instances.hold(ref, actor.id(), changes.now()), changes.now());
    log.setTarget(AuditTargets.service(shared.instance()));
    return shared;
  }

  /** Who has a share can end it, although it has expired and no longer shows the service. */
  private SharedInstance heldToEnd(
      Actor actor, InstanceRef ref, GranteeName grantee, ChangeLog log) {
    Optional<InstanceStore.Seen> found = instances.hold(ref, actor.id(), changes.now());
    boolean own = grantee.isUser(actor.handle());
    SharedInstance shared =
        found
            .filter(seen -> own && seen.shares().own().isPresent())
            .map(seen -> SharedInstance.of(actor, seen, changes.now()))
            .orElseGet(() -> SharedInstance.visible(actor, found, changes.now()));
    log.setTarget(AuditTargets.service(shared.instance()));
    return shared;
  }

  /**
   * @param wanted the terms, made from the locked share that there is
   */
  private GivenShare give(
      Actor actor,
      SharedInstance shared,
      GranteeName name,
      Precondition precondition,
      Function<Optional<Share>, Share.Terms> wanted,
      ChangeLog log) {
    demandShareable(shared);
    Grantee grantee = shares.grantee(name, shared.instance().ref().owner());
    Optional<Share> own =
        shared.may(Action.SHARE) == Permission.GRANTED
            ? Optional.empty()
            : Optional.of(ownShare(actor, shared, grantee));
    Optional<Share> before = store.lock(shared.id(), grantee.id());
    Share.Terms terms = wanted.apply(before);
    demand(permission(shared, terms, before));
    own.ifPresent(share -> demandWithin(share, terms));
    GivenShare given =
        shares.give(
            shared.id(), grantee, terms, actor, own.map(share -> actor.id()), precondition, log);
    if (given.changed()) {
      endWhatNoLongerFits(shared, given.share(), log);
      log.recordChange(
          AuditAction.SERVICE_SHARE,
          AuditTargets.service(shared.instance()),
          List.of(name.toString()));
    }
    return given;
  }

  /** Giving ownership and changing the share of an owner both need the right to do so. */
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

  /** The share of a co-owner, who gives others by its strength. */
  private Share ownShare(Actor actor, SharedInstance shared, Grantee grantee) {
    if (grantee.id().equals(actor.id())) {
      throw RefusedException.forbidden("A co-owner can't change their own share.");
    }
    return store
        .hold(shared.id(), actor.id())
        .filter(s -> !s.expiredAt(changes.now()))
        .orElseThrow(RefusedException::notFound);
  }

  private static void demandWithin(Share own, Share.Terms terms) {
    if (!terms.fitWithin(own.terms())) {
      throw RefusedException.forbidden(
          "A co-owner gives no share that outlasts or exceeds their own: role, may_reshare,"
              + " expires_at, limits.");
    }
  }

  private void endWhatNoLongerFits(SharedInstance shared, Share share, ChangeLog log) {
    for (Share given : givenVia(shared, share)) {
      if (!given.terms().fitWithin(share.terms())) {
        store.delete(shared.id(), given.grantee().id());
        recordEnd(shared, given, log);
      }
    }
  }

  /** The shares given by the strength of another one. A group gives none. */
  private List<Share> givenVia(SharedInstance shared, Share share) {
    return switch (share.grantee()) {
      case Grantee.OneUser user -> store.givenVia(shared.id(), user.id());
      case Grantee.Members group -> List.of();
    };
  }

  private void end(
      SharedInstance shared, Optional<Share> share, Precondition precondition, ChangeLog log) {
    List<Share> ended = new ArrayList<>();
    share.ifPresent(s -> ended.addAll(givenVia(shared, s)));
    share.ifPresent(ended::add);
    shares.end(shared.id(), share, precondition);
    ended.forEach(s -> recordEnd(shared, s, log));
  }

  private static void recordEnd(SharedInstance shared, Share share, ChangeLog log) {
    log.recordChange(
        AuditAction.SERVICE_UNSHARE,
        AuditTargets.service(shared.instance()),
        List.of(share.grantee().name().toString()));
  }

  private static void demandMayEnd(
      Actor actor, SharedInstance shared, GranteeName grantee, Optional<Share> share) {
    boolean ownership = share.filter(s -> s.terms().role() == Role.OWNER).isPresent();
    Permission permission = shared.may(ownership ? Action.SHARE_OWNERSHIP : Action.SHARE);
    boolean own = share.isPresent() && grantee.isUser(actor.handle());
    boolean may =
        own
            || switch (permission) {
              case GRANTED, WITHIN_OWN_BOUNDS -> true;
              case LEAVE_ONLY, DENIED -> false;
            };
    if (!may) {
      throw RefusedException.forbidden(refusedEnd(grantee));
    }
  }

  private static String refusedEnd(GranteeName grantee) {
    return grantee.isGroup()
        ? "Your role on this service does not allow ending this share. Who has it as a member of"
            + " the group gives it up by leaving the group."
        : "Your role on this service does not allow ending this share.";
  }
}
