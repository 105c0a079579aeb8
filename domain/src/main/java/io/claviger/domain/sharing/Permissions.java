package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.Permission.DENIED;
import static io.claviger.domain.sharing.Permission.GRANTED;
import static io.claviger.domain.sharing.Permission.LEAVE_ONLY;
import static io.claviger.domain.sharing.Permission.WITHIN_OWN_BOUNDS;

/** Decides which actions a user may take on an instance. No other code makes this decision. */
public final class Permissions {
  private Permissions() {}

  /**
   * Decides about an action. A user can be owning user, holder of a share and administrator at the
   * same time. For a user with several of these roles, the widest permission applies.
   */
  public static Permission may(Relationship relationship, Action action) {
    Permission best = DENIED;
    if (relationship.owningUser()) {
      best = GRANTED;
    }
    if (relationship.systemLevel() && relationship.administrator()) {
      best = wider(best, asOwningAdministrator(action));
    }
    if (relationship.administrator()) {
      best = wider(best, asAdministrator(action));
    }
    if (relationship.role().isPresent()) {
      best = wider(best, byRole(relationship.role().get(), action));
    }
    if (relationship.forEverybody()) {
      best = wider(best, asAnybody(action));
    }
    return best;
  }

  public static boolean allows(Relationship relationship, Action action) {
    return may(relationship, action) == GRANTED;
  }

  /**
   * Whether a user may end a share. Co-owners may end shares with a role below owner, and everybody
   * may end their own share.
   *
   * @param role the role that the share gives
   * @param own whether the user is the holder of the share
   */
  public static boolean mayEndShare(Relationship relationship, Role role, boolean own) {
    Action action = role == Role.OWNER ? Action.SHARE_OWNERSHIP : Action.SHARE;
    return own
        || switch (may(relationship, action)) {
          case GRANTED, WITHIN_OWN_BOUNDS -> true;
          case LEAVE_ONLY, DENIED -> false;
        };
  }

  /**
   * Administrators are treated as owners of things that belong to {@code _system}, but being
   * treated as owner does not let them use these things. So an administrator needs a share to use a
   * thing that is only for holders of shares, and the shares always show who could use the thing.
   */
  private static Permission asOwningAdministrator(Action action) {
    return action == Action.USE ? DENIED : GRANTED;
  }

  private static Permission asAdministrator(Action action) {
    return switch (action) {
      case SEE, SWITCH, CLEAR_KEY, SEE_BILL, SEE_SHARES, SHARE, SHARE_OWNERSHIP, DELETE -> GRANTED;
      case USE,
          DESCRIBE,
          CONFIGURE,
          WIDEN_LIMITS,
          BUDGET_IN_ALL,
          GROUP_CAPACITY,
          SET_KEY,
          CONFIRM_DESTINATION,
          SHARE_ACCOUNT,
          SET_PRICES,
          SET_INVOICES,
          SET_BILLING ->
          DENIED;
    };
  }

  private static Permission byRole(Role role, Action action) {
    return switch (action) {
      case SEE, USE -> GRANTED;
      case DESCRIBE, SWITCH, SEE_SHARES -> role.atLeast(Role.WRITER) ? GRANTED : DENIED;
      case CONFIGURE, SET_KEY, CLEAR_KEY -> role == Role.OWNER ? GRANTED : DENIED;
      case SHARE -> role == Role.OWNER ? WITHIN_OWN_BOUNDS : LEAVE_ONLY;
      case SHARE_OWNERSHIP -> role == Role.OWNER ? LEAVE_ONLY : DENIED;
      case WIDEN_LIMITS,
          BUDGET_IN_ALL,
          GROUP_CAPACITY,
          CONFIRM_DESTINATION,
          SHARE_ACCOUNT,
          DELETE,
          SET_PRICES,
          SEE_BILL,
          SET_INVOICES,
          SET_BILLING ->
          DENIED;
    };
  }

  /**
   * Returns what users without a share may do with a thing that is for everybody: see it and use
   * it.
   */
  private static Permission asAnybody(Action action) {
    return switch (action) {
      case SEE, USE -> GRANTED;
      case DESCRIBE,
          SWITCH,
          CONFIGURE,
          WIDEN_LIMITS,
          BUDGET_IN_ALL,
          GROUP_CAPACITY,
          SET_KEY,
          CONFIRM_DESTINATION,
          SHARE_ACCOUNT,
          CLEAR_KEY,
          SET_PRICES,
          SEE_BILL,
          SET_INVOICES,
          SET_BILLING,
          SEE_SHARES,
          SHARE,
          SHARE_OWNERSHIP,
          DELETE ->
          DENIED;
    };
  }

  private static Permission wider(Permission one, Permission other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
