package io.claviger.domain.requests;

import io.claviger.domain.accounts.User;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;

/**
 * The relationship of a user to a request. If several constants apply to a user, the first of them
 * is used.
 */
public enum RequestRole {
  ASKER,
  /** A user who may share the service. */
  LENDER,
  STRANGER;

  /**
   * @param relationship the user's relationship to the service
   */
  public static RequestRole of(User.Id user, Relationship relationship, BorrowRequest request) {
    if (user.equals(request.asker().id())) {
      return ASKER;
    }
    return switch (Permissions.may(relationship, Action.SHARE)) {
      case GRANTED, WITHIN_OWN_BOUNDS -> LENDER;
      case LEAVE_ONLY, DENIED -> STRANGER;
    };
  }
}
