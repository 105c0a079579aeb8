package io.claviger.application.instances.port;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * Which instances of a list are wanted. Empty parts filter nothing.
 *
 * @param id the only instance that is wanted
 * @param role the role that the listed user has on the instance
 * @param text a part of the handle, display name, description or model
 * @param keySetBefore those with a stored key or other secret that was set before this time
 * @param keyRejected whether only those are wanted whose stored key the provider rejects
 */
public record InstanceFilter(
    Optional<Instance.Id> id,
    Optional<Provider> provider,
    Optional<Handle> owner,
    Optional<Role> role,
    Optional<Boolean> enabled,
    Optional<SearchText> text,
    Optional<Instant> keySetBefore,
    boolean keyRejected) {
  /** Filters nothing. */
  public static final InstanceFilter NONE =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A filter for any number of instances. */
  public InstanceFilter(
      Optional<Provider> provider,
      Optional<Handle> owner,
      Optional<Role> role,
      Optional<Boolean> enabled,
      Optional<SearchText> text) {
    this(Optional.empty(), provider, owner, role, enabled, text, Optional.empty(), false);
  }

  /** The same filter, for old keys alone. */
  public InstanceFilter withKeySetBefore(Optional<Instant> time) {
    return new InstanceFilter(id, provider, owner, role, enabled, text, time, keyRejected);
  }

  /** The same filter, for rejected keys alone. */
  public InstanceFilter withRejectedKey(boolean rejected) {
    return new InstanceFilter(id, provider, owner, role, enabled, text, keySetBefore, rejected);
  }

  public InstanceFilter only(Instance.Id one) {
    return new InstanceFilter(
        Optional.of(one), provider, owner, role, enabled, text, keySetBefore, keyRejected);
  }
}
