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
 * The rules that SCIM adds for sign-ins. While an identity provider manages users by SCIM, only
 * these users can sign in with that provider, and the groups claim is ignored. All methods run in a
 * transaction of the caller.
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
   * @param linked the locked user who has the identity
   * @return the locked user to whom the identity has to be linked; empty if the identity is already
   *     linked
   * @throws RefusedException when the person is not allowed to sign in
   */
  Optional<User> admit(ProvidedIdentity provided, Optional<User> linked) {
    Optional<User> locked =
        linked.isPresent()
            ? linked
            : record(provided)
                .flatMap(record -> provisioning.handle(record.user()))
                .flatMap(users::lock);
    // SCIM changes a user under the same lock, so nothing that is read from here on can change
    // meanwhile.
    Optional<ScimUser> record = record(provided);
    boolean other = locked.flatMap(user -> identities.findOf(user.id())).isPresent();
    return switch (ScimAdmission.decide(linked.map(User::id), record, other)) {
      case SIGN_IN -> Optional.empty();
      case LINK -> locked.filter(user -> user.id().equals(record.orElseThrow().user()));
      case NOT_PROVISIONED ->
          throw SignInRefusal.of(
              Reason.NOT_ALLOWED,
              "Your identity provider makes the users here by SCIM, and has not made you one yet."
                  + " Ask an administrator of the identity provider to assign Claviger to you.");
      case SUSPENDED -> throw suspended();
      case MISMATCH ->
          throw SignInRefusal.of(
              Reason.IDENTITY_TAKEN,
              "What your identity provider says by SCIM and what it says at sign-ins is about two"
                  + " different users. Ask an administrator.");
    };
  }

  /**
   * Refuses a sign-in of somebody whom SCIM has suspended, even if SCIM is no longer in use.
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
        "Your identity provider has suspended you here by SCIM. It, or an administrator, can end"
            + " that.");
  }

  /** Whether an identity provider has suspended or deleted a user by SCIM. */
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
   * Stores the claim by which SCIM may name the person, because the answer to a refresh possibly
   * does not contain this claim.
   */
  void remember(User user, ProvidedIdentity provided) {
    if (provided.objectId().isPresent()) {
      provisioning.setObjectId(user.id(), provided.objectId());
    }
  }
}
