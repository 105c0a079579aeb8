package io.claviger.domain.accounts;

import java.util.EnumSet;
import java.util.Set;

/**
 * The relationship of an actor to a user.
 *
 * @param kind whether the user is a person or a service account
 * @param self whether the actor is this user
 * @param administrator whether the actor is an administrator
 * @param responsible whether this user is a service account for which the actor is responsible
 */
public record UserRelationship(
    UserKind kind, boolean self, boolean administrator, boolean responsible) {

  /** Whether an actor with this relationship may take the given action on the user. */
  public boolean allows(UserAction action) {
    return allowed().contains(action);
  }

  private Set<UserAction> allowed() {
    EnumSet<UserAction> allowed = EnumSet.noneOf(UserAction.class);
    if (self) {
      allowed.add(UserAction.SEE);
      allowed.add(UserAction.CHANGE_PROFILE);
      allowed.add(UserAction.REVOKE_TOKENS);
      allowed.add(UserAction.ISSUE_TOKENS);
    }
    if (administrator) {
      allowed.add(UserAction.SEE);
      allowed.add(UserAction.CHANGE_PROFILE);
      allowed.add(UserAction.REVOKE_TOKENS);
      allowed.add(UserAction.RECOVER);
      allowed.add(UserAction.SET_LIMITS);
      allowed.add(UserAction.DELETE);
    }
    switch (kind) {
      case PERSON -> {
        if (self) {
          allowed.add(UserAction.DELETE);
        }
        if (administrator) {
          allowed.add(UserAction.CHANGE_ADMINISTRATOR);
        }
      }
      case SERVICE -> {
        if (administrator) {
          allowed.add(UserAction.CHANGE_RESPONSIBLE);
        }
        if (administrator || responsible) {
          allowed.add(UserAction.SEE);
          allowed.add(UserAction.REVOKE_TOKENS);
          allowed.add(UserAction.ISSUE_TOKENS);
          allowed.add(UserAction.RECOVER);
          allowed.add(UserAction.MANAGE_TRUSTS);
        }
      }
    }
    return allowed;
  }
}
