package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.References;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.util.List;
import java.util.OptionalLong;

final class DeleteUserService implements DeleteUser {
  private final UserStore users;
  private final UserReferences dependents;
  private final AuditedChanges attempts;

  DeleteUserService(UserStore users, UserReferences dependents, AuditedChanges attempts) {
    this.users = users;
    this.dependents = dependents;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, Handle handle, Precondition precondition, boolean force) {
    return attempts.change(
        actor,
        AuditAction.USER_DELETE,
        AuditTargets.user(handle),
        ledger -> {
          User user = deletable(actor, handle, precondition);
          List<String> unbound = release(actor, user, force);
          delete(user, force);
          ledger.recordChange(
              AuditAction.USER_DELETE, AuditTargets.user(user.id(), handle), unbound);
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }

  private User deletable(Actor actor, Handle handle, Precondition precondition) {
    int administrators = users.lockAdministrators();
    User user = UserAccess.changeable(actor, handle, users);
    precondition.demand(OptionalLong.of(user.version()));
    if (user.administrator() && administrators < 2) {
      LastAdministrator.demandAnother(users);
    }
    return user;
  }

  /** Takes the user's instances from others' projects where that is asked for. */
  private List<String> release(Actor actor, User user, boolean force) {
    References usage = dependents.of(user.id(), actor);
    if (usage.count() == 0) {
      return List.of();
    }
    if (!force) {
      throw new RefusedException(
          new Refusal.Conflict(
              "in_use", usage.sentence() + " Delete with force=true to unbind what others have."));
    }
    return dependents.release(user.id(), attempts.now());
  }

  private void delete(User user, boolean force) {
    try {
      users.delete(user.id());
    } catch (StillReferenced e) {
      if (force) {
        // Somebody bound a project in between: unbind that one too.
        throw new ConcurrencyConflict(ConcurrencyConflict.How.NOT_SERIALIZABLE, e);
      }
      throw new RefusedException(
          new Refusal.Conflict("in_use", "Others use what belongs to this user."));
    }
  }
}
