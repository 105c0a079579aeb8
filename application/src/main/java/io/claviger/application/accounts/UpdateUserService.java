package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

final class UpdateUserService implements UpdateUser {
  private final UserStore users;
  private final AuditedChanges attempts;

  UpdateUserService(UserStore users, AuditedChanges attempts) {
    this.users = users;
    this.attempts = attempts;
  }

  @Override
  public Outcome update(Actor actor, Handle handle, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.USER_UPDATE,
        AuditTargets.user(handle),
        ledger -> new Outcome.Updated(updated(actor, handle, precondition, command, ledger)),
        Outcome.Refused::new);
  }

  private User updated(
      Actor actor, Handle handle, Precondition precondition, Command command, ChangeLog ledger) {
    boolean demotes = command.administrator().given().filter(a -> !a).isPresent();
    if (demotes && actor.administrator()) {
      // Before the user's own row, in the one order that all who end an administrator keep to.
      users.lockAdministrators();
    }
    User before = UserAccess.changeable(actor, handle, users);
    precondition.demand(OptionalLong.of(before.version()));
    User after =
        before.with(
            command.displayName().or(before.displayName()),
            command.email().or(before.email()),
            command.administrator().or(before.administrator()),
            attempts.now());
    List<String> changed = differences(before, after);
    if (changed.contains("administrator")) {
      if (!actor.administrator()) {
        throw RefusedException.forbidden("Only administrators say who is administrator.");
      }
      if (before.administrator()) {
        LastAdministrator.demandAnother(users);
      }
    }
    if (changed.isEmpty()) {
      return before;
    }
    users.update(after);
    ledger.recordChange(AuditAction.USER_UPDATE, AuditTargets.user(after.id(), handle), changed);
    return after;
  }

  private static List<String> differences(User before, User after) {
    List<String> changed = new ArrayList<>();
    if (!before.displayName().equals(after.displayName())) {
      changed.add("display_name");
    }
    if (!before.email().equals(after.email())) {
      changed.add("email");
    }
    if (before.administrator() != after.administrator()) {
      changed.add("administrator");
    }
    return changed;
  }
}
