package io.claviger.application.defaults.port;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores the default service that each user, and {@code _system}, has chosen: at most one service
 * for each of them. A choice is deleted with its user or with the instance. The choice of {@code
 * _system} is a system-level instance.
 */
public interface DefaultServiceStore {
  /**
   * Finds the choices of a user and of {@code _system}, each with the service as this user sees it.
   *
   * @param now the time that decides which shares have expired
   */
  Choices choicesFor(User.Id user, Instant now);

  /**
   * Stores a choice, which replaces an earlier one.
   *
   * @return whether there was no choice before
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance or the user no
   *     longer exists
   */
  boolean choose(User.Id user, Instance.Id instance);

  /** Deletes a user's choice. Returns whether there was a choice. */
  boolean forget(User.Id user);

  /**
   * The choices that determine a user's default service.
   *
   * @param own the user's choice; for the user {@code _system}, this is the same as the choice of
   *     {@code _system}
   */
  record Choices(
      Optional<InstanceStore.VisibleInstance> own,
      Optional<InstanceStore.VisibleInstance> system) {}
}
