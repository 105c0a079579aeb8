package io.claviger.domain.accounts;

import io.claviger.domain.fields.ScalarField;

/** The actions that somebody may take on a user. */
public enum UserAction {
  /**
   * See the user. Whoever may not take this action gets the same answers as if the user did not
   * exist.
   */
  SEE,
  /** Change display name and e-mail address. */
  CHANGE_PROFILE,
  /** Change whether the user is an administrator. */
  CHANGE_ADMINISTRATOR,
  /** Change who is responsible for a service account. */
  CHANGE_RESPONSIBLE,
  REVOKE_TOKENS,
  /** Create any number of access tokens. */
  ISSUE_TOKENS,
  /** Create the first access token, or a token that replaces all other tokens. */
  RECOVER,
  /**
   * Change a service account's trusts, which say whose JWTs can be exchanged for tokens of the
   * account.
   */
  MANAGE_TRUSTS,
  /** Change the limits of the user. */
  SET_LIMITS,
  DELETE;

  /**
   * Returns the action that an actor must be allowed to take in order to change the given field of
   * a user.
   */
  public static UserAction toChange(ScalarField<?> field) {
    if (field == User.ADMINISTRATOR) {
      return CHANGE_ADMINISTRATOR;
    }
    return field == User.RESPONSIBLE ? CHANGE_RESPONSIBLE : CHANGE_PROFILE;
  }
}
