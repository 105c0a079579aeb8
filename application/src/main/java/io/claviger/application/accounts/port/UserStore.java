package io.claviger.application.accounts.port;

import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.GroupKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores users, including {@code _system}. */
public interface UserStore {
  Optional<User> find(Handle handle);

  /** Finds a user and locks the user for a change until the transaction ends. */
  Optional<User> lock(Handle handle);

  /**
   * Finds a user and locks the user against deletion until the transaction ends. Several
   * transactions can hold this lock on a user at the same time.
   */
  Optional<User> hold(Handle handle);

  /**
   * Lists the users except {@code _system} in the order of their handles.
   *
   * @param text a part of the handle, display name or e-mail address
   */
  List<User> list(Optional<SearchText> text, Optional<Handle> after, int limit);

  /**
   * Counts the users except {@code _system}.
   *
   * @param text a part of the handle, display name or e-mail address
   * @param most the number at which counting stops
   */
  int count(Optional<SearchText> text, int most);

  /**
   * Lists the users whose handles an actor sees in other lists. The result is sorted by handle and
   * does not contain {@code _system}.
   *
   * @param text a part of the handle
   * @param now the present time; shares that have expired are ignored
   */
  List<Handle> known(Sight sight, Optional<SearchText> text, Instant now, int limit);

  /** Returns whether {@link #known} lists this handle. */
  boolean isKnown(Sight sight, Handle handle, Instant now);

  /**
   * Lists the service accounts for which a user is responsible, in person or as a manager of a
   * group. The list is sorted by handle.
   *
   * @param now the present time; access tokens that have expired are ignored
   * @param after the handle of the account after which the list begins; empty if the first page is
   *     requested
   * @param limit the maximum number of returned accounts
   */
  List<ServiceAccount> listServiceAccounts(
      User.Id responsible, Instant now, Optional<Handle> after, int limit);

  /**
   * Stores a new user.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken, or when
   *     the responsible user or group has been deleted
   */
  void insert(User user);

  /**
   * Stores the changeable fields of a user: display name, e-mail address, administrator,
   * responsible user or group, suspension, version, time of change.
   */
  void update(User user);

  /**
   * Deletes a user together with the user's definitions, instances, projects, shares and tokens.
   * The record of the user's handle is kept.
   *
   * @throws io.claviger.application.shared.StillReferenced when another user's things refer to this
   *     user's things, or when this user is responsible for a service account
   */
  void delete(User.Id user);

  /**
   * Finds everything that other users would lose if a user were deleted. The local groups that the
   * user manages are locked until the transaction ends.
   *
   * @param now the present time; shares that have expired are ignored
   */
  UserDependents dependentsOf(User.Id user, Instant now);

  /**
   * Whether administrators have set limits for a user or for one of the user's groups. The caller
   * must have locked the user in this transaction. The user's groups are locked until the
   * transaction ends.
   */
  boolean limited(User.Id user);

  /**
   * Whether a user could regain used budgets: an identity provider knows the user, and the user has
   * used a part of a budget that the same person would have in full as a new user. The budgets in
   * question are the budgets for each caller of services and projects that are for everybody, or
   * for members of groups of the identity provider. Windows that have ended are ignored.
   */
  boolean wouldRegainBudgets(User.Id user);

  /**
   * Makes another person responsible for all service accounts for which only the given user is
   * responsible, in person or as a manager of a group.
   */
  void replaceResponsible(User.Id user, User.Id successor, Instant now);

  /**
   * Locks what the deletion of a user changes, in the order in which all other changes lock. The
   * order is: transfers from and to the user, the user's projects and the projects that use the
   * user's services, these services, all administrators, the service accounts for which the user is
   * responsible, and the user. From the service accounts on, until the user is deleted or the
   * transaction ends, the transaction waits only briefly for locked rows, and fails with a conflict
   * if it would have to wait longer. Stores that need no locks do nothing.
   */
  default void lockForDeletion(User.Id user) {}

  /**
   * Locks all administrators until the transaction ends. Returns the administrators who can act
   * because they are not suspended.
   */
  Set<User.Id> lockAdministrators();

  /**
   * Whether a user is responsible for the service accounts for which a group's managers are
   * responsible. The result is false for a manager who is a service account, because service
   * accounts are responsible for nobody.
   */
  boolean answersAsManager(UUID group, User.Id user);

  /**
   * Does the same as {@link #answersAsManager}, and locks the user's membership in the group
   * against changes until the transaction ends. The caller must have locked or held the user.
   */
  boolean holdAsManager(UUID group, User.Id user);

  /**
   * Whether the same person can act as both users. Users can act as themselves and as the service
   * accounts for which they are responsible, in person or as a manager of a group. If such a
   * service account manages a group, the account can make the users who are responsible for it
   * managers of the group. So these users can also act as the accounts for which the managers of
   * that group are responsible.
   */
  boolean sharePerson(User.Id one, User.Id other);

  /** Whether the managers of a group are responsible for a service account. */
  boolean answersForAccounts(UUID group);

  Optional<FoundGroup> findGroup(Handle handle);

  /** A group whose managers may become responsible for a service account. */
  record FoundGroup(UUID id, GroupKind kind) {}

  /** Returns whether there is no user other than {@code _system}. */
  boolean isEmpty();
}
