package io.claviger.application.identity;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.LinkedIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class IdentityOperations implements Identities {
  private static final Handle ROOT = new Handle("root");

  private final Stores stores;
  private final Departure departure;
  private final Duration maxAge;
  private final AuditedChanges changes;

  IdentityOperations(Stores stores, Duration maxAge, AuditedChanges changes) {
    this.stores = stores;
    this.maxAge = maxAge;
    this.departure =
        new Departure(stores.users(), stores.identities(), stores.groups(), stores.sessions());
    this.changes = changes;
  }

  @Override
  public Outcome<LinkedIdentity> find(Actor actor, Handle handle) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          User user = UserAccess.visible(actor, handle, stores.users()::find);
          return stores
              .identities()
              .findOf(user.id())
              .map(IdentityStore.StoredIdentity::identity)
              .orElseThrow(RefusedException::notFound);
        });
  }

  @Override
  public Outcome<AssignedIdentity> assign(Actor actor, Handle handle, Identity identity) {
    return changes.change(
        actor,
        AuditAction.IDENTITY_LINK,
        AuditTargets.user(handle),
        log -> {
          User user = UserAccess.changeable(actor, handle, stores.users());
          log.setTarget(AuditTargets.user(user.id(), handle));
          demandAssignable(actor, user);
          Optional<LinkedIdentity> own =
              stores.identities().findOf(user.id()).map(IdentityStore.StoredIdentity::identity);
          return new AssignedIdentity(
              own.filter(one -> one.identity().equals(identity))
                  .orElseGet(() -> assign(user, identity, own, log)),
              own.isEmpty());
        });
  }

  private static void demandAssignable(Actor actor, User user) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden("Only administrators say whose identity somebody has.");
    }
    if (user.handle().equals(ROOT) || user.isServiceAccount()) {
      throw RefusedException.forbidden("root and service accounts have no identity elsewhere.");
    }
  }

  private LinkedIdentity assign(
      User user, Identity identity, Optional<LinkedIdentity> own, ChangeLog log) {
    if (stores.identities().find(identity).isPresent()) {
      throw new RefusedException(
          new Refusal.Conflict("identity_taken", "This identity belongs to another user."));
    }
    Instant now = changes.now();
    boolean recovery = recover(user, own, now, log);
    LinkedIdentity linked =
        new LinkedIdentity(identity, user.id(), false, false, now, Optional.empty());
    stores.identities().insert(linked);
    log.recordChange(
        AuditAction.IDENTITY_LINK,
        AuditTargets.user(user.id(), user.handle()),
        recovery
            ? List.of("recovery", identity.issuer().value())
            : List.of(identity.issuer().value()));
    return linked;
  }

  /** Ends what the former holder could use. It is unknown whether the new one is the same. */
  private boolean recover(User user, Optional<LinkedIdentity> own, Instant now, ChangeLog log) {
    boolean hadTokens = stores.tokens().everHadAny(user.id());
    int revoked = stores.tokens().deleteAll(user.id());
    int ended = stores.sessions().deleteAll(user.id());
    own.ifPresent(identity -> departure.unlink(user, identity, now, log));
    if (!hadTokens && revoked == 0 && ended == 0 && own.isEmpty()) {
      return false;
    }
    int unused = stores.userKeys().deleteAllOf(user.id());
    return true;
  }

  @Override
  public Outcome<Identity> unlink(Actor actor, Handle handle) {
    return changes.change(
        actor,
        AuditAction.IDENTITY_UNLINK,
        AuditTargets.user(handle),
        log -> {
          User user = UserAccess.changeable(actor, handle, stores.users());
          log.setTarget(AuditTargets.user(user.id(), handle));
          LinkedIdentity own =
              stores
                  .identities()
                  .findOf(user.id())
                  .map(IdentityStore.StoredIdentity::identity)
                  .orElseThrow(RefusedException::notFound);
          if (actor.id().equals(user.id())) {
            departure.unlinkOwn(user, own, maxAge, changes.now(), log);
          } else {
            departure.unlink(user, own, changes.now(), log);
          }
          return own.identity();
        });
  }
}
