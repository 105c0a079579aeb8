package io.claviger.application.identity;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.UnfollowedGroups;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class IdentityUseCases implements Identities {
  private final Stores stores;
  private final Departure departure;
  private final Lockout lockout;
  private final Duration maxAge;
  private final AuditedChanges changes;

  IdentityUseCases(Stores stores, Duration maxAge, AuditedChanges changes) {
    this.stores = stores;
    this.maxAge = maxAge;
    this.lockout = stores.lockout();
    this.departure = new Departure(stores, lockout);
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
          lockout.demandPresented(actor);
          Optional<LinkedIdentity> own =
              stores.identities().findOf(user.id()).map(IdentityStore.StoredIdentity::identity);
          if (own.filter(one -> one.identity().equals(identity)).isPresent()) {
            return new AssignedIdentity(own.get(), false, Optional.empty());
          }
          return assign(user, identity, own.isEmpty(), log);
        });
  }

  private static void demandAssignable(Actor actor, User user) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden("Only administrators can assign identities to users.");
    }
    if (user.handle().equals(Handle.ROOT) || user.isServiceAccount()) {
      throw RefusedException.forbidden("root and service accounts can't have an identity.");
    }
    actor.demandUnlimited("A linked identity");
  }

  private AssignedIdentity assign(User user, Identity identity, boolean first, ChangeLog log) {
    if (stores.identities().find(identity).isPresent()) {
      throw RefusedException.conflict("identity_taken", "This identity belongs to another user.");
    }
    Instant now = changes.now();
    Optional<EndedCredentials> ended = lockout.recoverIfHadAccess(user, now, log);
    LinkedIdentity linked =
        new LinkedIdentity(
            identity, user.id(), false, false, now, Optional.empty(), UnfollowedGroups.NONE, false);
    stores.identities().insert(linked);
    PersonAdmission.recordLink(user, identity, ended, log);
    return new AssignedIdentity(linked, first, ended);
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
          lockout.demandPresented(actor);
          if (actor.id().equals(user.id())) {
            demandUnlimited(actor, user);
            departure.unlinkOwn(user, own, maxAge, changes.now(), log);
          } else {
            // Without an identity, the user's access tokens stay valid even if nobody signs in.
            actor.demandUnlimited("Access without the identity provider");
            departure.unlink(user, own, changes.now(), log);
          }
          return own.identity();
        });
  }

  /**
   * Refuses to let users unlink their identities if administrators have set limits for them, or if
   * they have used budgets that they would regain. Without this check, such users could sign in
   * again as new users without limits or with unused budgets.
   */
  private void demandUnlimited(Actor actor, User user) {
    if (actor.administrator()) {
      return;
    }
    if (stores.users().limited(user.id())) {
      throw RefusedException.forbidden(
          "Administrators have set limits for you or the members of one of your groups. Ask them"
              + " to unlink your identity.");
    }
    if (stores.users().wouldRegainBudgets(user.id())) {
      throw RefusedException.forbidden(
          "You have used budgets that a new account of yours would have unused. Ask an"
              + " administrator to unlink your identity, or wait until the windows of these budgets"
              + " have ended.");
    }
  }
}
