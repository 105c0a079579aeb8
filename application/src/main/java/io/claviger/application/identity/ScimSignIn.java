package io.claviger.application.identity;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.SignInResult.Reason;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.identity.port.Provisioning;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimAdmission;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimUser;
import java.util.Optional;

/**
 * The additional rules for sign-ins while an identity provider manages users by SCIM. Of the
 * provider's users, only the users whom it manages by SCIM can sign in. The groups claim is
 * ignored. All methods run in the caller's transaction.
 */
final class ScimSignIn {
  private final Issuer issuer;
  private final ScimSettings settings;
  private final Provisioning provisioning;
  private final UserStore users;
  private final IdentityStore identities;

  ScimSignIn(
      Issuer issuer,
      ScimSettings settings,
      Provisioning provisioning,
      UserStore users,
      IdentityStore identities) {
    this.issuer = issuer;
    this.settings = settings;
    this.provisioning = provisioning;
    this.users = users;
    this.identities = identities;
  }

  boolean isOn() {
    return provisioning.isOn(issuer);
  }

  /** Finds the SCIM record of a person who signs in. */
  Optional<ScimUser> record(ProvidedIdentity provided) {
    return value(provided)
        .flatMap(value -> provisioning.find(issuer, settings.subject().attribute(), value));
  }

  private Optional<String> value(ProvidedIdentity provided) {
    return settings
        .subject()
        .claim()
        .of(provided.identity().subject().value(), provided.objectId());
  }

  /**
   * Decides about a sign-in while SCIM is in use.
   *
   * @param linked the locked user of the identity; empty if the identity belongs to no user
   * @return the locked user to whom the identity has to be linked; empty if the identity is already
   *     linked
   * @throws RefusedException when the person may not sign in
   */
  Optional<User> admit(ProvidedIdentity provided, Optional<User> linked) {
    Optional<User> locked =
        linked.isPresent()
            ? linked
            : record(provided)
                .flatMap(record -> provisioning.handle(record.user()))
                .flatMap(users::lock);
    // SCIM changes a user under the same lock. So the data that are read from here on can't change
    // before this transaction ends.
    Optional<ScimUser> record = record(provided);
    boolean other = locked.flatMap(user -> identities.findOf(user.id())).isPresent();
    return switch (ScimAdmission.decide(linked.map(User::id), record, other)) {
      case SIGN_IN -> Optional.empty();
      case LINK -> locked.filter(user -> user.id().equals(record.orElseThrow().user()));
      case NOT_PROVISIONED ->
          throw SignInRefusal.of(
              Reason.NOT_ALLOWED,
              "Your identity provider creates the users here by SCIM, but has not created you yet."
                  + " Ask an administrator of the identity provider to assign Claviger to you.");
      case SUSPENDED -> throw suspended();
      case MISMATCH ->
          throw SignInRefusal.of(
              Reason.IDENTITY_TAKEN,
              "Your identity provider's statements by SCIM and at this sign-in are about two"
                  + " different users. Ask an administrator.");
    };
  }

  /**
   * Refuses a sign-in of a user whom SCIM has suspended, even if SCIM is no longer in use.
   *
   * @throws RefusedException when the user is suspended
   */
  void demandNotSuspended(User user) {
    if (isBarred(user)) {
      throw suspended();
    }
  }

  private static RefusedException suspended() {
    return SignInRefusal.of(
        Reason.NOT_ALLOWED,
        "Your identity provider has suspended you here by SCIM. The identity provider or an"
            + " administrator can end the suspension.");
  }

  /** Whether an identity provider has suspended or deleted the given user by SCIM. */
  boolean isBarred(User user) {
    return provisioning.find(user.id()).filter(record -> !record.admitted()).isPresent();
  }

  /** Whether SCIM has provisioned a user. */
  boolean isProvisioned(User user) {
    return provisioning
        .find(user.id())
        .filter(record -> record.issuer().equals(issuer) && record.admitted())
        .isPresent();
  }

  /** Whether a user is in the group whose members are administrators. */
  boolean isAdministrator(User user) {
    return settings
        .administratorGroup()
        .filter(group -> provisioning.isMember(user.id(), issuer, group))
        .isPresent();
  }

  void leaveForgottenGroups(User user) {
    provisioning.leaveForgottenGroups(user.id(), issuer);
  }

  /**
   * Stores the claim that SCIM might use to name the person, because the answer to a refresh might
   * lack this claim.
   */
  void remember(User user, ProvidedIdentity provided) {
    if (provided.objectId().isPresent()) {
      provisioning.setObjectId(user.id(), provided.objectId());
    }
  }
}
