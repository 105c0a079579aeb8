package io.claviger.domain.scim;

import io.claviger.domain.accounts.User;
import java.util.Optional;

/** Decides whose sign-in is accepted if an identity provider manages the users by SCIM. */
public final class ScimAdmission {
  private ScimAdmission() {}

  /** The decision about a sign-in. */
  public enum Decision {
    /** The identity is linked to a user, and this user signs in. */
    SIGN_IN,
    /** The identity is linked to the provisioned user, who then signs in. */
    LINK,
    /** The identity provider has not created this person as a user by SCIM. */
    NOT_PROVISIONED,
    /** The identity provider has suspended or deleted the user by SCIM. */
    SUSPENDED,
    /** The identity belongs to one user, and the SCIM record belongs to another user. */
    MISMATCH
  }

  /**
   * Decides about a sign-in.
   *
   * @param linked the user to whom the identity is linked; empty if the identity is linked to no
   *     user
   * @param provisioned the SCIM record of the person whom the claim names; empty if there is no
   *     such record
   * @param otherIdentity whether the provisioned user is already linked to another identity
   */
  public static Decision decide(
      Optional<User.Id> linked, Optional<ScimUser> provisioned, boolean otherIdentity) {
    if (provisioned.isEmpty()) {
      return Decision.NOT_PROVISIONED;
    }
    if (linked.filter(user -> !user.equals(provisioned.get().user())).isPresent()
        || (linked.isEmpty() && otherIdentity)) {
      return Decision.MISMATCH;
    }
    if (!provisioned.get().admitted()) {
      return Decision.SUSPENDED;
    }
    return linked.isPresent() ? Decision.SIGN_IN : Decision.LINK;
  }
}
