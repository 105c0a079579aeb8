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

  /** Finds a user, and locks the user for a change until the transaction ends. */
  Optional<User> lock(Handle handle);

  /**
   * Finds a user and prevents their deletion until the transaction ends. Several transactions can
   * have this lock on the same user at the same time.
   */
  Optional<User> hold(Handle handle);

  /**
   * Lists users by handle, without {@code _system}.
   *
   * @param text a part of the handle, display name or e-mail address
   */
  List<User> list(Optional<SearchText> text, Optional<Handle> after, int limit);

  /**
   * Counts users without {@code _system}.
   *
   * @param text a part of the handle, display name or e-mail address
   * @param most the number at which counting stops
   */
  int count(Optional<SearchText> text, int most);

  /**
   * Lists, by handle, the users whose handles somebody may see in some list, without {@code
   * _system}.
   *
   * @param text a part of the handle
   * @param now the time that decides which shares have expired
   */
  List<Handle> known(Sight sight, Optional<SearchText> text, Instant now, int limit);

  /** Returns whether the list of {@link #known} contains this handle. */
  boolean isKnown(Sight sight, Handle handle, Instant now);

  /**
   * Lists the service accounts for which a user is responsible, in person or as a manager of a
   * group, by handle.
   *
   * @param now the time that decides which access tokens have expired
   * @param after the handle after which the list begins; empty if it begins with the first account
   * @param limit the greatest number of accounts returned
   */
  List<ServiceAccount> listServiceAccounts(
      User.Id responsible, Instant now, Optional<Handle> after, int limit);

  /**
   * Stores a new user.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken, or the
   *     responsible user or group has been deleted
   */
  void insert(User user);

  /**
   * Stores the fields of a user that can change: display name, e-mail address, administrator, who
   * is responsible, suspension, version, time of change.
   */
  void update(User user);

  /**
   * Deletes a user with their definitions, instances, projects, shares and tokens. The record that
   * this user had the handle is kept.
   *
   * @throws io.claviger.application.shared.StillReferenced when things of another user refer to
   *     things of this user, or this user is responsible for a service account
   */
  void delete(User.Id user);

  /**
   * Finds everything that other users would lose if a user were deleted. This also prevents changes
   * of the local groups that the user manages until the transaction ends.
   *
   * @param now the time that decides which shares have expired
   */
  UserDependents dependentsOf(User.Id user, Instant now);

  /**
   * Whether administrators set limits for a user or for one of the user's groups. The transaction
   * has to have locked the user. This also prevents changes of the user's groups until the
   * transaction ends.
   */
  boolean limited(User.Id user);

  /**
   * Makes another person responsible for all service accounts for which nobody but the given user
   * is responsible now, in person or as a manager of a group.
   */
  void replaceResponsible(User.Id user, User.Id successor, Instant now);

  /**
   * Locks all administrators until the transaction ends and returns the administrators who can act,
   * which are those who are not suspended.
   */
  Set<User.Id> lockAdministrators();

  boolean isManager(UUID group, User.Id user);

  /**
   * Whether somebody can act as both users. Users can act as themselves, as the service accounts
   * for which they are responsible, in person or as a manager of a group, and as every user as whom
   * one of these service accounts can act.
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
