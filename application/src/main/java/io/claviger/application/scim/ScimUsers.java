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
 * The users whom an identity provider manages by SCIM. The provider sees and changes only users
 * whom it created, or whose identity is at its issuer ({@link io.claviger.domain.scim.ScimSight});
 * for the provider, all other users do not exist. Conflicts have the code {@code uniqueness} if a
 * name is taken, {@code last_administrator} if nobody else could administer Claviger afterwards,
 * and {@code too_many_users} if the issuer already has {@link ScimUser#MOST} users.
 */
public interface ScimUsers {
  /**
   * @param maxAge how long after the end of a suspension access tokens are accepted although the
   *     user has not signed in again
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
   * The statements of an identity provider about a user.
   *
   * @param active whether the user may act; empty if the provider does not state this
   */
  record Person(
      ScimUser.Names names,
      Optional<Boolean> active,
      Optional<DisplayName> displayName,
      Optional<Email> email) {}

  /**
   * A user, with the data that SCIM shows.
   *
   * @param active whether the identity provider lets the user act
   */
  record View(User user, ScimUser.Names names, boolean active) {}

  /** Selects the users that are listed. */
  sealed interface Filter {
    record All() implements Filter {}

    record ById(UUID id) implements Filter {}

    record ByExternalId(String externalId) implements Filter {}

    record ByUserName(String userName) implements Filter {}
  }

  /**
   * Makes a user. If the person's identity at the issuer already belongs to a user, that user is
   * taken over instead of a new one being created. If the issuer has deleted a user with this
   * externalId, that user is restored.
   */
  Outcome<View> create(ScimCaller caller, Person person);

  Outcome<View> find(ScimCaller caller, UUID id);

  /**
   * Lists users by id.
   *
   * @param skipped how many users are left out at the beginning of the list
   * @param limit the greatest number of users to return, at most {@link ScimPage#MOST}
   */
  ScimPage<View> list(ScimCaller caller, Filter filter, int skipped, int limit);

  /**
   * Changes a user. If the user is no longer active, the user is suspended: from that moment on,
   * nobody can act as the user, but everything that the user owns is kept. If the user is active
   * again, the suspension ends.
   *
   * @param change receives the stored person, without {@link Person#active}, and returns the person
   *     to store; this function may run more than once
   */
  Outcome<View> update(ScimCaller caller, UUID id, UnaryOperator<Person> change);

  /**
   * Suspends a user. After that, the user does not exist for SCIM. Depending on the settings, a
   * user on whom nobody else depends is deleted instead.
   */
  Outcome<UUID> delete(ScimCaller caller, UUID id);

  /**
   * Ends the suspension of a user; administrators only. SCIM shows the user as active again, too.
   * Refused as a conflict with {@code not_suspended} if the user is not suspended.
   */
  Outcome<Handle> resume(Actor actor, Handle user);
}
