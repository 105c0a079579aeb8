package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserDependents;
import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.References;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.List;

/** Prevents the deletion of a user while other users use things that the user owns. */
final class UserDeletionGuard {
  private final UserStore users;
  private final UserReferences references;
  private final Lockout lockout;

  UserDeletionGuard(UserStore users, UserReferences references, Lockout lockout) {
    this.users = users;
    this.references = references;
    this.lockout = lockout;
  }

  /**
   * Prepares the deletion of a user: makes other users' things independent of this user.
   *
   * @param force whether to unbind other users' projects, to make the acting administrator
   *     responsible for the user's service accounts, and to leave the user's groups to the
   *     administrators
   * @return the projects that no longer use an instance of the user
   * @throws RefusedException when other users use things of the user and {@code force} is not set,
   *     or when {@code force} can't be used
   */
  List<String> release(Actor actor, User user, boolean force, Instant now) {
    References projects = references.of(user.id(), actor);
    UserDependents dependents = users.dependentsOf(user.id(), now);
    if (force) {
      handOver(actor, user, dependents, now);
      return projects.count() == 0 ? List.of() : references.release(user.id(), now);
    }
    if (projects.count() > 0) {
      throw inUse(
          (dependents.isEmpty() ? "" : dependents.sentence() + " ")
              + projects.sentence()
              + " Delete with force=true to unbind what others have.");
    }
    if (!dependents.isEmpty()) {
      throw inUse(
          dependents.sentence() + " Transfer these to somebody else, or delete with force=true.");
    }
    return List.of();
  }

  private void handOver(Actor actor, User user, UserDependents dependents, Instant now) {
    if (dependents.accounts().count() == 0) {
      return;
    }
    if (!actor.administrator() || actor.id().equals(user.id())) {
      throw inUse(
          dependents.sentence()
              + " Somebody else has to be responsible for the service accounts first.");
    }
    demandMayGiveResponsibility(actor);
    lockout.demandPresented(actor);
    users.replaceResponsible(user.id(), actor.id(), now);
  }

  /**
   * @throws RefusedException when the actor's token has limits or an expiry, because a user who is
   *     responsible for a service account has rights without limits and expiry
   */
  static void demandMayGiveResponsibility(Actor actor) {
    actor.demandUnlimited("Responsibility for a service account");
  }

  private static RefusedException inUse(String detail) {
    return RefusedException.conflict("in_use", detail);
  }
}
