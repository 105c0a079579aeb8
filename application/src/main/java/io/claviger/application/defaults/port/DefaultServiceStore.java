package io.claviger.application.defaults.port;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores the default services that users and {@code _system} have chosen, at most one for each. A
 * choice is deleted together with its user or instance. The choice of {@code _system} is a
 * system-level instance.
 */
public interface DefaultServiceStore {
  /**
   * Finds the choices of a user and of {@code _system}, with the services as this user sees them.
   *
   * @param now the present time; shares that have expired are ignored
   */
  Choices choicesFor(User.Id user, Instant now);

  /**
   * Stores a choice in place of any earlier choice.
   *
   * @return whether the user had no choice before
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance or the user no
   *     longer exists
   */
  boolean choose(User.Id user, Instance.Id instance);

  /** Deletes a user's choice. Returns whether there was a choice. */
  boolean forget(User.Id user);

  /**
   * The choices that determine a user's default service.
   *
   * @param own the user's choice; for the user {@code _system}, the choice of {@code _system}
   */
  record Choices(
      Optional<InstanceStore.VisibleInstance> own,
      Optional<InstanceStore.VisibleInstance> system) {}
}
