package io.claviger.application.fakes;

import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ListedProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link ProviderStore} in memory. */
public final class InMemoryProviders implements ProviderStore {
  private final InMemoryTransactions transactions;

  public InMemoryProviders(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<ListedProvider> find(Handle handle) {
    return transactions.read(t -> Optional.ofNullable(t.providers.get(handle)));
  }

  @Override
  public Optional<ListedProvider> lock(Handle handle) {
    return find(handle);
  }

  @Override
  public Optional<ListedProvider> hold(Handle handle) {
    return find(handle);
  }

  @Override
  public List<ListedProvider> list(Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            t.providers.values().stream()
                .filter(p -> after.isEmpty() || p.handle().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(ListedProvider::handle))
                .limit(limit)
                .toList());
  }

  @Override
  public int lockAndCount() {
    return transactions.read(t -> t.providers.size());
  }

  @Override
  public void insert(ListedProvider provider) {
    transactions.run(
        t -> {
          if (t.providers.putIfAbsent(provider.handle(), provider) != null) {
            throw Tables.taken("the handle");
          }
        });
  }

  @Override
  public void update(ListedProvider provider) {
    transactions.run(
        t -> {
          t.requireProvider(provider.provider());
          ListedProvider unused = t.providers.put(provider.handle(), provider);
        });
  }

  @Override
  public void delete(Handle handle) {
    transactions.run(
        t -> {
          if (!t.providers.containsKey(handle)) {
            throw Tables.gone("the provider");
          }
          if (t.usesProvider(handle)) {
            throw new StillReferenced(new IllegalStateException("the provider is in use"));
          }
          t.providers.remove(handle);
        });
  }
}
