package io.claviger.application.defaults.port;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.util.Optional;

/**
 * What users, and {@code _system}, chose as their default: at most one each. A choice ends with its
 * user and with the instance; {@code _system}'s is a system-level one.
 */
public interface DefaultServiceStore {
  /** What a user chose and what {@code _system} did, both as this user sees them. */
  Choices choicesFor(UserId user);

  /**
   * Chooses, in place of what was chosen before.
   *
   * @return whether nothing was
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance or the user is
   *     gone
   */
  boolean choose(UserId user, InstanceId instance);

  /**
   * @return whether something was chosen
   */
  boolean forget(UserId user);

  /**
   * @param own of {@code _system} itself it is the system's choice, too
   */
  record Choices(Optional<InstanceStore.Seen> own, Optional<InstanceStore.Seen> system) {}
}
