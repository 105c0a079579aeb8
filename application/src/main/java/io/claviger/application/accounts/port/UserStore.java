package io.claviger.application.accounts.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import java.util.List;
import java.util.Optional;

/** All users, {@code _system} among them. */
public interface UserStore {
  Optional<User> find(Handle handle);

  /** Finds a user and holds them as they are until the transaction ends. */
  Optional<User> lock(Handle handle);

  /**
   * Finds a user and keeps them from being deleted until the transaction ends; others may do the
   * same.
   */
  Optional<User> hold(Handle handle);

  /** By handle, without {@code _system}. */
  List<User> list(Optional<Handle> after, int limit);

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken
   */
  void insert(User user);

  /**
   * Stores what can change of a user: display name, e-mail, administrator, version, time of change.
   */
  void update(User user);

  /**
   * Deletes a user with their definitions, instances, projects, shares and tokens.
   *
   * @throws io.claviger.application.shared.StillReferenced when somebody else's things refer to
   *     theirs
   */
  void delete(UserId user);

  /** Locks all administrators until the transaction ends and says how many there are. */
  int lockAdministrators();

  /** Whether there is nobody yet but {@code _system}. */
  boolean isEmpty();
}
