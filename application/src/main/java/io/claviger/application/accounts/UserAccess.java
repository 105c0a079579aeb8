package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserAction;
import io.claviger.domain.accounts.UserRelationship;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Finds users whom an actor may see or change. If the actor may not see a user, the answer is that
 * the user does not exist.
 */
public final class UserAccess {
  private final UserStore users;

  public UserAccess(UserStore users) {
    this.users = users;
  }

  /**
   * Finds a user for information that only the user and administrators may see, such as the user's
   * sign-in. The ids are compared, because another user might have received the handle since the
   * actor was authenticated.
   *
   * @throws RefusedException when the actor is neither the user nor an administrator
   */
  public static User visible(Actor actor, Handle handle, Function<Handle, Optional<User>> find) {
    if (!actor.administrator() && !actor.handle().equals(handle)) {
      throw RefusedException.notFound();
    }
    return find.apply(handle)
        .filter(user -> actor.administrator() || user.id().equals(actor.id()))
        .orElseThrow(RefusedException::notFound);
  }

  /** Locks a user for a change that concerns the user's own sign-in. */
  public static User changeable(Actor actor, Handle handle, UserStore users) {
    return changeable(visible(actor, handle, users::lock));
  }

  private static User changeable(User user) {
    if (user.handle().isSystem()) {
      throw RefusedException.forbidden("The built-in user can't be changed.");
    }
    return user;
  }

  /**
   * Finds a user for an action of the actor.
   *
   * @throws RefusedException when the actor has no right to this action on the user
   */
  public User find(Actor actor, Handle handle, UserAction action) {
    return demand(actor, users.find(handle), action);
  }

  /**
   * Finds a user for an action of the actor, and locks the user against deletion and suspension.
   * Call this method before you delete a credential of the user, because all transactions lock a
   * user before the user's credentials.
   *
   * @throws RefusedException when the actor has no right to this action on the user
   */
  User hold(Actor actor, Handle handle, UserAction action) {
    return demand(actor, users.hold(handle), action);
  }

  /**
   * Locks a user for an action of the actor. The built-in user can't be changed.
   *
   * @throws RefusedException when the actor has no right to this action on the user
   */
  public User lock(Actor actor, Handle handle, UserAction action) {
    return changeable(demand(actor, users.lock(handle), action));
  }

  /** Whether the actor is this user, is responsible for this user, or is an administrator. */
  public boolean sees(Actor actor, User user) {
    return relationship(actor, user, users::answersAsManager).allows(UserAction.SEE);
  }

  /**
   * Returns the relationship of an actor to a user.
   *
   * @param manages the function that says whether an actor is responsible as a manager of a group
   */
  private static UserRelationship relationship(
      Actor actor, User user, BiPredicate<UUID, User.Id> manages) {
    return new UserRelationship(
        user.kind(),
        actor.id().equals(user.id()),
        actor.administrator(),
        user.responsible().filter(whoever -> isActor(actor, whoever, manages)).isPresent());
  }

  private User demand(Actor actor, Optional<User> found, UserAction action) {
    User user = found.orElseThrow(RefusedException::notFound);
    demand(actor, user, action);
    return user;
  }

  void demand(Actor actor, User user, UserAction action) {
    demand(relationship(actor, user, users::answersAsManager), action);
  }

  /**
   * Demands that an actor still has the right to an action on a locked user, and prevents until the
   * transaction ends that the actor loses responsibility for the user. Call this method before you
   * create a credential of the user, and after {@link Lockout#demandPresented}: a transaction that
   * locks both the acting user and a membership locks the user first.
   *
   * @throws RefusedException when the actor has no right to this action on the user, or has lost it
   *     since the user was locked
   */
  public void demandStill(Actor actor, User user, UserAction action) {
    demand(relationship(actor, user, users::holdAsManager), action);
  }

  private static void demand(UserRelationship relationship, UserAction action) {
    if (!relationship.allows(UserAction.SEE)) {
      throw RefusedException.notFound();
    }
    if (!relationship.allows(action)) {
      throw RefusedException.forbidden(sentence(action));
    }
  }

  private static boolean isActor(
      Actor actor, Responsible responsible, BiPredicate<UUID, User.Id> manages) {
    return switch (responsible) {
      case Responsible.Person person -> person.id().equals(actor.id());
      case Responsible.GroupManagers managers -> manages.test(managers.group(), actor.id());
    };
  }

  private static String sentence(UserAction action) {
    return switch (action) {
      case CHANGE_ADMINISTRATOR -> "Only administrators decide who is an administrator.";
      case CHANGE_RESPONSIBLE ->
          "Only administrators decide who is responsible for a service account.";
      case MANAGE_TRUSTS ->
          "Only administrators and those responsible for a service account manage its trusts.";
      case SET_LIMITS -> "Only administrators set limits of users.";
      case DELETE -> "Only administrators delete service accounts.";
      default -> "Only this user and administrators may do that.";
    };
  }
}
