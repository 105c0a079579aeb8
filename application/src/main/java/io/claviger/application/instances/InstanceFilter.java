package io.claviger.application.instances;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * Which instances of a list are wanted. Empty parts filter nothing.
 *
 * @param role the role that the listed user has on the instance
 * @param text has to occur in handle, display name, description or model, whatever the case
 */
public record InstanceFilter(
    Optional<Provider> provider,
    Optional<Handle> owner,
    Optional<Role> role,
    Optional<Boolean> enabled,
    Optional<String> text) {
  /** Wants every instance. */
  public static final InstanceFilter NONE =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
