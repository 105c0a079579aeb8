package io.claviger.domain.accounts;

import io.claviger.domain.fields.ScalarField;

/** What somebody may do with a user. */
public enum UserAction {
  /** See the user. For everybody who may not, the user does not exist. */
  SEE,
  /** Change display name and e-mail address. */
  CHANGE_PROFILE,
  /** Say whether the user is an administrator. */
  CHANGE_ADMINISTRATOR,
  /** Say who is responsible for a service account. */
  CHANGE_RESPONSIBLE,
  REVOKE_TOKENS,
  /** Make access tokens, as many as they like. */
  ISSUE_TOKENS,
  /** Create the first access token, or a token that replaces all others. */
  RECOVER,
  /** Say which tokens of other issuers are exchanged for tokens of a service account. */
  MANAGE_TRUSTS,
  /** Limit what the user may call and use up. */
  SET_LIMITS,
  DELETE;

  /** What somebody must be allowed to do to change a field of a user. */
  public static UserAction toChange(ScalarField<?> field) {
    if (field == User.ADMINISTRATOR) {
      return CHANGE_ADMINISTRATOR;
    }
    return field == User.RESPONSIBLE ? CHANGE_RESPONSIBLE : CHANGE_PROFILE;
  }
}
