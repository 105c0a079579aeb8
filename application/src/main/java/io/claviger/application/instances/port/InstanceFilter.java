package io.claviger.application.instances.port;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * The conditions that the instances of a list have to meet. A condition that is empty does not
 * restrict the list.
 *
 * @param id if present, selects only the instance with this id
 * @param role if present, selects only instances on which the listed user has this role
 * @param text a part of the handle, display name, description or model; if empty, any text matches
 * @param keySetBefore if present, selects only instances whose stored key or other secret was set
 *     before this time
 * @param keyRejected if true, selects only instances whose stored key the provider rejects
 * @param ownKeys if true, selects only instances whose callers can store keys of their own
 */
public record InstanceFilter(
    Optional<Instance.Id> id,
    Optional<Provider> provider,
    Optional<Handle> owner,
    Optional<Role> role,
    Optional<Boolean> enabled,
    Optional<SearchText> text,
    Optional<Instant> keySetBefore,
    boolean keyRejected,
    boolean ownKeys) {
  /**
   * The requested part of the filtered list, which is called a slice.
   *
   * @param after the instance after which the slice begins; if empty, the slice begins with the
   *     first instance
   * @param limit the maximum number of instances
   */
  public record Slice(InstanceFilter filter, Optional<Instance.Ref> after, int limit) {}

  public Slice slice(Optional<Instance.Ref> after, int limit) {
    return new Slice(this, after, limit);
  }

  /** Selects all instances. */
  public static final InstanceFilter NONE =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Creates a filter without a condition on the id, the stored key or the callers' own keys. */
  public InstanceFilter(
      Optional<Provider> provider,
      Optional<Handle> owner,
      Optional<Role> role,
      Optional<Boolean> enabled,
      Optional<SearchText> text) {
    this(Optional.empty(), provider, owner, role, enabled, text, Optional.empty(), false, false);
  }

  /** Returns a copy of this filter that selects only the instances of one owner. */
  public InstanceFilter withOwner(Handle only) {
    return new InstanceFilter(
        id, provider, Optional.of(only), role, enabled, text, keySetBefore, keyRejected, ownKeys);
  }

  /**
   * Returns a copy of this filter that selects only instances on which the listed user has the
   * given role.
   */
  public InstanceFilter withRole(Role only) {
    return new InstanceFilter(
        id, provider, owner, Optional.of(only), enabled, text, keySetBefore, keyRejected, ownKeys);
  }

  /**
   * Returns a copy of this filter that selects only instances that contain the given text. If no
   * text is given, the copy selects instances with any text.
   */
  public InstanceFilter withText(Optional<SearchText> part) {
    return new InstanceFilter(
        id, provider, owner, role, enabled, part, keySetBefore, keyRejected, ownKeys);
  }

  /**
   * Returns a copy of this filter that selects only instances whose key or other secret was set
   * before the given time.
   */
  public InstanceFilter withKeySetBefore(Optional<Instant> time) {
    return new InstanceFilter(id, provider, owner, role, enabled, text, time, keyRejected, ownKeys);
  }

  /**
   * Returns a copy of this filter that, if the argument is true, selects only instances whose
   * stored key the provider rejects.
   */
  public InstanceFilter withRejectedKey(boolean rejected) {
    return new InstanceFilter(
        id, provider, owner, role, enabled, text, keySetBefore, rejected, ownKeys);
  }

  /** Returns a copy of this filter that selects only instances that use keys of their callers. */
  public InstanceFilter withOwnKeys() {
    return new InstanceFilter(
        id, provider, owner, role, enabled, text, keySetBefore, keyRejected, true);
  }

  public InstanceFilter only(Instance.Id one) {
    return new InstanceFilter(
        Optional.of(one), provider, owner, role, enabled, text, keySetBefore, keyRejected, ownKeys);
  }
}
