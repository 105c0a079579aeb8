package io.claviger.application.accounts;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillInUse;
import io.claviger.application.shared.Targets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.util.List;
import java.util.OptionalLong;

final class DeleteUserService implements DeleteUser {
  private final Users users;
  private final Attempts attempts;

  DeleteUserService(Users users, Attempts attempts) {
    this.users = users;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, Handle handle, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.USER_DELETE,
        Targets.user(handle),
        ledger -> {
          User user = deletable(actor, handle, precondition);
          delete(user);
          ledger.changed(AuditAction.USER_DELETE, Targets.user(user.id(), handle), List.of());
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

  private void delete(User user) {
    try {
      users.delete(user.id());
    } catch (StillInUse e) {
      throw new RefusedException(
          new Refusal.Conflict("in_use", "Others use what belongs to this user."));
    }
  }
}
