package io.claviger.application.providers.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ListedProvider;
import java.util.List;
import java.util.Optional;

/** Stores the list of providers. Built-in providers are always in the list. */
public interface ProviderStore {
  Optional<ListedProvider> find(Handle handle);

  /**
   * Locks a provider for changing. Until the transaction ends, other transactions can't add
   * references to the provider.
   */
  Optional<ListedProvider> lock(Handle handle);

  /**
   * Finds a provider and prevents changes of it until the transaction ends. Several transactions
   * can have this lock on the same provider at the same time.
   */
  Optional<ListedProvider> hold(Handle handle);

  /** Lists providers by handle. */
  List<ListedProvider> list(Optional<Handle> after, int limit);

  /** Counts all providers, and prevents providers from being added until the transaction ends. */
  int lockAndCount();

  /**
   * Stores a new provider.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken
   */
  void insert(ListedProvider provider);

  void update(ListedProvider provider);

  /**
   * Deletes a provider.
   *
   * @throws io.claviger.application.shared.StillReferenced when a definition, a service or a model
   *     of the catalogue refers to this provider
   */
  void delete(Handle handle);
}
