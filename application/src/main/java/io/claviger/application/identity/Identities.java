package io.claviger.application.identity;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.LinkedIdentity;
import java.time.Duration;
import java.util.Optional;

/** Finds, links and unlinks users' identities at the identity provider. */
public interface Identities {
  /** The ports that this feature uses. */
  record Stores(
      UserStore users,
      IdentityStore identities,
      SyncedGroupStore groups,
      SessionStore sessions,
      Lockout lockout) {}

  /**
   * A linked identity.
   *
   * @param created whether the user had no identity before
   * @param ended the credentials that were ended, if linking the identity was a recovery
   */
  record AssignedIdentity(
      LinkedIdentity identity, boolean created, Optional<EndedCredentials> ended) {}

  /**
   * @param maxAge how long after a sign-in access tokens are accepted if the identity provider
   *     can't be asked about the user
   */
  static Identities of(Stores stores, Duration maxAge, AuditedChanges changes) {
    return new IdentityUseCases(stores, maxAge, changes);
  }

  /**
   * Finds the identity of a user. Users find their own identity. Administrators find anybody's
   * identity.
   */
  Outcome<LinkedIdentity> find(Actor actor, Handle user);

  /**
   * Links an identity to a user. Only administrators may link identities. Claviger can't know
   * whether the new identity belongs to the person who has acted as this user so far. So linking an
   * identity is a recovery if the user has or once had access tokens, sessions or another identity.
   * The recovery ends all of the user's credentials ({@link Lockout}) and deletes the keys that the
   * user stored for services. A token with limits or an expiry can't link an identity ({@code
   * forbidden}), because an identity has neither limits nor an expiry. {@code root}, {@code
   * _system} and service accounts have no identity ({@code forbidden}). If the identity belongs to
   * another user, the answer is the conflict {@code identity_taken}. If the user already has this
   * identity, nothing happens.
   */
  Outcome<AssignedIdentity> assign(Actor actor, Handle user, Identity identity);

  /**
   * Unlinks the identity of a user. Sessions that began with the identity end. The user loses the
   * rights from the identity's groups, except memberships that the identity provider manages by
   * SCIM. Users unlink their own identity. Administrators unlink anybody's identity. Some users
   * were created by their first sign-in or by SCIM. If such users unlink their own identity, their
   * access tokens are refused after some time, and are accepted again after their next sign-in. In
   * all other cases, the user keeps access without the identity provider. Where a user keeps access
   * in this way, an administrator's token that has limits or an expiry can't unlink the identity
   * ({@code forbidden}). Returns the identity.
   */
  Outcome<Identity> unlink(Actor actor, Handle user);
}
