package io.claviger.application.scim;

import io.claviger.application.identity.Identities;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimUser;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Shows and changes the users whom an identity provider manages by SCIM. The provider sees and
 * changes only users whom it created or whose identity is at its issuer ({@link
 * io.claviger.domain.scim.ScimSight}). The provider can't see any other users. If a name is taken,
 * the answer is the conflict {@code uniqueness}. If nobody could administer Claviger after a
 * change, the answer is the conflict {@code last_administrator}. If the issuer already has {@link
 * ScimUser#MOST} users, the answer is the conflict {@code too_many_users}.
 */
public interface ScimUsers {
  /**
   * @param maxAge how long after the end of a suspension the user's access tokens are accepted
   *     without a new sign-in
   */
  static ScimUsers of(
      ScimUserStore provisioned,
      Identities.Stores stores,
      ScimSettings settings,
      Duration maxAge,
      AuditedChanges changes) {
    return new ScimUserUseCases(provisioned, stores, settings, maxAge, changes);
  }

  /**
   * An identity provider's statements about a user.
   *
   * @param active whether the user may act; empty if the provider does not state whether the user
   *     may act
   */
  record Person(
      ScimUser.Names names,
      Optional<Boolean> active,
      Optional<DisplayName> displayName,
      Optional<Email> email) {}

  /**
   * A user in the form in which SCIM shows the user.
   *
   * @param active whether the identity provider lets the user act
   */
  record View(User user, ScimUser.Names names, boolean active) {}

  /** The condition that the users of a list have to meet. */
  sealed interface Filter {
    record All() implements Filter {}

    record ById(UUID id) implements Filter {}

    record ByExternalId(String externalId) implements Filter {}

    record ByUserName(String userName) implements Filter {}
  }

  /**
   * Makes a user. If the person's identity at the issuer already belongs to a user, SCIM takes over
   * this user. If the issuer has deleted a user with this {@code externalId}, the user is restored.
   */
  Outcome<View> create(ScimCaller caller, Person person);

  Outcome<View> find(ScimCaller caller, UUID id);

  /**
   * Lists users, ordered by id.
   *
   * @param skipped the number of users to skip at the beginning
   * @param limit the maximum number of users to return, at most {@link ScimPage#MOST}
   */
  ScimPage<View> list(ScimCaller caller, Filter filter, int skipped, int limit);

  /**
   * Changes a user. If the user is no longer active, the user is suspended. Nobody can act as a
   * suspended user, but everything that the user owns is kept. If the user becomes active again,
   * the suspension ends.
   *
   * @param change the function that receives the stored person without {@link Person#active}, and
   *     returns the person to store; it can be called several times
   */
  Outcome<View> update(ScimCaller caller, UUID id, UnaryOperator<Person> change);

  /**
   * Suspends a user, whom SCIM then no longer shows. If the settings require it, a user on whom
   * nobody else depends, and whose offers nobody can accept any more, is deleted instead.
   */
  Outcome<UUID> delete(ScimCaller caller, UUID id);

  /**
   * Ends the suspension of a user. Only administrators may call this method. SCIM then shows the
   * user as active, too. If the user is not suspended, the answer is the conflict {@code
   * not_suspended}.
   */
  Outcome<Handle> resume(Actor actor, Handle user);
}
