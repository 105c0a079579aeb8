package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.sessions.Session;
import java.util.List;
import java.util.Optional;

/**
 * Shows, creates, changes and deletes users, and manages the administrator {@code root}, whom the
 * program itself creates.
 */
public interface Users {
  static Users of(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      UserReferences references,
      RandomBytes random,
      AuditedChanges changes) {
    return new UserUseCases(
        users, tokens, lockout, references, new TokenGenerator(random), changes);
  }

  /**
   * Shows callers their own account, with a token of any scope.
   *
   * @throws io.claviger.application.shared.RefusedException when the caller has been deleted since
   *     the token was accepted
   */
  User me(Actor actor);

  /**
   * Finds a user. Users can find themselves, administrators can find anybody, and people who are
   * responsible for a service account can find that account. For everybody else, the answer is
   * {@code not_found}.
   */
  Outcome<User> find(Actor actor, Handle user);

  /**
   * Lists all users except {@code _system} in the order of their handles. Only administrators may
   * read this list.
   */
  default Outcome<Page<User, Handle>> list(Actor actor, PageRequest<Handle> page) {
    return list(actor, Optional.empty(), page);
  }

  /** Lists users whose handle, display name or e-mail address contains the text. */
  Outcome<Page<User, Handle>> list(
      Actor actor, Optional<SearchText> text, PageRequest<Handle> page);

  /** Counts the users that {@link #list} lists, up to {@link PageRequest#MOST_COUNTED}. */
  Outcome<Integer> count(Actor actor, Optional<SearchText> text);

  /**
   * Lists the users whose handles the actor sees in other lists. The result is sorted by handle.
   * Administrators see everybody. Actors who are not administrators see the service accounts for
   * which they are responsible and the members of their groups and projects. In addition, these
   * actors see the holders of shares that are visible to them, and the owners of services that are
   * shared with them. If the actor's token has the scope {@code use} or is restricted to a service
   * or project, the list is empty.
   *
   * @param text a part of the handle
   */
  List<Handle> known(Actor actor, Optional<SearchText> text, int limit);

  /**
   * Whether {@link #known} lists this handle. If the result is false, the actor does not learn
   * whether another user has this handle.
   */
  boolean isKnown(Actor actor, Handle handle);

  /**
   * Lists the service accounts for which a user is responsible, in person or as a manager of a
   * group. The list is sorted by handle. The user and administrators may list these accounts. For
   * anybody else, the answer is {@code not_found}. A token with the scope {@code use} is refused
   * with {@code forbidden}.
   */
  Outcome<Page<ServiceAccount, Handle>> listServiceAccounts(
      Actor actor, Handle responsible, PageRequest<Handle> page);

  /**
   * Creates a user together with their first access token. Only administrators may create users. If
   * another user has the handle, the answer is the conflict {@code handle_taken}. A service account
   * needs a responsible person or group. A service account or an administrator can be created only
   * with a credential that has no limits and no expiry. Any other credential is refused with {@code
   * forbidden}.
   */
  Outcome<CreatedUser> create(Actor actor, NewUser wanted);

  /**
   * Creates a user, like {@link #create(Actor, NewUser)}, in a session whose sign-in must be recent
   * ({@link Session#mayHandOut}), because the first token may change things.
   *
   * @param session the actor's session
   */
  Outcome<CreatedUser> create(Actor actor, Session session, NewUser wanted);

  /**
   * Changes a user's {@link User#FIELDS}. Users change their own display name and e-mail address.
   * Administrators also change whether the user is an administrator, and who is responsible for a
   * service account. The last administrator can't be demoted (conflict {@code last_administrator}).
   */
  Outcome<User> update(Actor actor, Handle user, Precondition precondition, FieldWrites update);

  /**
   * Deletes a user with everything that belongs to the user. Users delete themselves.
   * Administrators delete anybody except {@code _system} and the last administrator (conflict
   * {@code last_administrator}). The answer is the conflict {@code in_use} if the user's instances
   * are shared with other users or used by other users' projects. The answer is also {@code in_use}
   * if the user is responsible for service accounts, or if a local group has no other manager. If a
   * service of the user needs the consent of others, the answer is the conflict {@code
   * approval_required}. Users whom administrators limit, in person or by a group, can't delete
   * themselves ({@code forbidden}).
   *
   * @param force whether to delete the user although the user's things are in use. Other users'
   *     projects are then unbound, the acting administrator becomes responsible for the service
   *     accounts, and administrators manage the groups. Users who are responsible for service
   *     accounts can't delete themselves with force
   * @return the handle of the deleted user
   */
  Outcome<Handle> delete(Actor actor, Handle user, Precondition precondition, boolean force);

  /**
   * Makes {@code root} an administrator, without a token. Only the program itself calls the methods
   * that concern {@code root}; users can't call them.
   */
  void establishRoot();

  /**
   * Makes {@code root} an administrator who has this token.
   *
   * @param fromEnvironment the text of the token, which need not have the form of Claviger's tokens
   */
  void establishRoot(TokenText fromEnvironment);

  /**
   * Creates {@code root} with a token if there is no user yet. Returns the token, or empty if there
   * is a user already.
   */
  Optional<TokenText> createRootAtFirstStart();

  /**
   * Creates a new token for {@code root}, and revokes the token that this method created before. If
   * necessary, this method creates {@code root} or makes {@code root} an administrator.
   */
  TokenText replaceRootToken();

  /**
   * Ends every credential that gives access as {@code root}, and creates a new token. A token from
   * the environment of a node is valid again once that node has been restarted.
   */
  RecoveredRoot recoverRoot();

  /** A new token of {@code root}, and the credentials that have ended. */
  record RecoveredRoot(TokenText token, EndedCredentials ended) {}

  /**
   * A user to create.
   *
   * @param fields the values of {@link User#FIELDS}. The default display name is the handle. A
   *     responsible person or group is required for service accounts, and not allowed for other
   *     users
   */
  record NewUser(Handle handle, UserKind kind, FieldWrites fields) {
    /**
     * Describes a person who is not an administrator. The display name is the handle.
     *
     * @throws io.claviger.domain.InvalidValue if the text is not a handle
     */
    public static NewUser of(String handle) {
      return new NewUser(new Handle(handle), UserKind.PERSON, FieldWrites.NONE);
    }
  }

  /** A new user with a token that can't be shown again. */
  record CreatedUser(User user, TokenText accessToken) {}
}
