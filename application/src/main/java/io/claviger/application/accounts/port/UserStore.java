package io.claviger.application.accounts.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stores users, including {@code _system}. */
public interface UserStore {
  Optional<User> find(Handle handle);

  /** Finds a user and locks them for changing until the transaction ends. */
  Optional<User> lock(Handle handle);

  /**
   * Finds a user and keeps them from being deleted until the transaction ends. Several transactions
   * can hold the same user.
   */
  Optional<User> hold(Handle handle);

  /**
   * Lists users by handle, without {@code _system}.
   *
   * @param after the handle behind which the list begins; empty for the beginning
   * @param limit the greatest number of users returned
   */
  List<User> list(Optional<Handle> after, int limit);

  /**
   * Stores a new user.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken, or who is
   *     responsible is gone
   */
  void insert(User user);

  /**
   * Stores the fields of a user that can change: display name, e-mail address, administrator, who
   * is responsible, suspension, version, time of change.
   */
  void update(User user);

  /**
   * Deletes a user with their definitions, instances, projects, shares and tokens.
   *
   * @throws io.claviger.application.shared.StillReferenced when things of another user refer to
   *     theirs, or they are responsible for a service account
   */
  void delete(UserId user);

  /** Locks all administrators until the transaction ends and returns how many there are. */
  int lockAdministrators();

  /** Tells whether a user manages a group now. */
  boolean isManager(UUID group, UserId user);

  /** Finds the group with this handle. */
  Optional<UUID> findGroup(Handle handle);

  /**
   * Lists the service accounts for which nobody else than this person is responsible, by handle.
   *
   * @param limit the greatest number of handles returned
   */
  List<Handle> serviceAccountsOf(UserId responsible, int limit);

  /** Tells whether there is no user besides {@code _system}. */
  boolean isEmpty();
}
