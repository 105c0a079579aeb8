package io.claviger.application.instances.port;

import io.claviger.application.instances.InstanceFilter;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All instances. */
public interface InstanceStore {
  /**
   * An instance, with what is stored of it for one viewer.
   *
   * @param share the viewer's, expired or not
   * @param keys what is sealed there, the viewer's own key included
   * @param isDefault the viewer chose it as their default
   */
  record Seen(Instance instance, Optional<Share> share, SealedKeys keys, boolean isDefault) {
    /** One that stores nothing sealed and is not the viewer's default. */
    public Seen(Instance instance, Optional<Share> share) {
      this(instance, share, SealedKeys.NONE, false);
    }
  }

  Optional<Seen> find(InstanceRef ref, UserId viewer);

  Optional<Seen> find(InstanceId id, UserId viewer);

  /** Finds an instance and locks it for changing until the transaction ends. */
  Optional<Seen> lock(InstanceRef ref, UserId viewer);

  /** Finds an instance and keeps it as it is until the transaction ends; others may do the same. */
  Optional<Seen> hold(InstanceRef ref, UserId viewer);

  /**
   * The oldest enabled system-level instance of a provider, by creation time, then id; held as it
   * is until the transaction ends.
   */
  Optional<Seen> holdOldestEnabled(Provider provider, UserId viewer);

  /**
   * Those a user can use, by owner and handle: own ones, those shared with them by shares that have
   * not expired, and system-level ones. Each comes with the share of the viewer.
   *
   * @param now what expiry is judged by
   */
  List<Seen> usableBy(
      UserId user,
      UserId viewer,
      InstanceFilter filter,
      Optional<InstanceRef> after,
      int limit,
      Instant now);

  /** System-level ones alone, by handle. */
  List<Seen> systemLevel(
      UserId viewer, InstanceFilter filter, Optional<InstanceRef> after, int limit);

  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken or a
   *     reference gone
   */
  void insert(Instance instance, SecretChange apiKey, SecretChange headers);

  /**
   * Stores the instance as given, version and all, and what becomes of its secrets.
   *
   * @throws io.claviger.application.shared.StillReferenced when models bound to it keep it at its
   *     provider
   */
  void update(Instance instance, SecretChange apiKey, SecretChange headers);

  /**
   * @throws io.claviger.application.shared.StillReferenced when something refers to it
   */
  void delete(InstanceId id);
}
