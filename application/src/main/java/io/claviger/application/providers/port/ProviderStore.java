package io.claviger.application.providers.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ListedProvider;
import java.util.List;
import java.util.Optional;

/** Stores the list of providers. Built-in providers are always in the list. */
public interface ProviderStore {
  Optional<ListedProvider> find(Handle handle);

  /**
   * Locks a provider exclusively. Until the transaction ends, no other transaction can add a
   * reference to the provider.
   */
  Optional<ListedProvider> lock(Handle handle);

  /**
   * Finds a provider and locks it against changes until the transaction ends. Several transactions
   * can hold this lock on the same provider at the same time.
   */
  Optional<ListedProvider> hold(Handle handle);

  /** Lists providers by handle. */
  List<ListedProvider> list(Optional<Handle> after, int limit);

  /** Counts all providers. Until the transaction ends, no provider can be added. */
  int lockAndCount();

  /**
   * Stores a new provider.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the handle is taken
   */
  void insert(ListedProvider provider);

  void update(ListedProvider provider);

  /**
   * Deletes a provider.
   *
   * @throws io.claviger.application.shared.StillReferenced if a definition, a service or a
   *     catalogue model refers to the provider
   */
  void delete(Handle handle);
}
