package io.claviger.application.fakes;

import io.claviger.application.shared.StillReferenced;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link ApiStandardStore} in memory. */
public final class InMemoryApiStandards implements ApiStandardStore {
  private final InMemoryTransactions transactions;

  public InMemoryApiStandards(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<ApiStandard> find(Handle handle) {
    return transactions.read(t -> Optional.ofNullable(t.standards.get(handle)));
  }

  @Override
  public Optional<ApiStandard> lock(Handle handle) {
    return find(handle);
  }

  @Override
  public Optional<ApiStandard> hold(Handle handle) {
    return find(handle);
  }

  @Override
  public List<ApiStandard> list(Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            t.standards.values().stream()
                .filter(s -> after.isEmpty() || s.handle().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(ApiStandard::handle))
                .limit(limit)
                .toList());
  }

  @Override
  public boolean isInUse(Handle handle) {
    return transactions.read(t -> t.usesStandard(handle));
  }

  @Override
  public void insert(ApiStandard standard) {
    transactions.run(
        t -> {
          Tables.requireUsualName(standard.handle());
          if (t.standards.putIfAbsent(standard.handle(), standard) != null) {
            throw Tables.taken("the handle");
          }
        });
  }

  @Override
  public void update(ApiStandard standard) {
    transactions.run(
        t -> {
          t.requireStandard(standard.handle());
          t.standards.computeIfPresent(
              standard.handle(), (handle, stored) -> changed(stored, standard));
        });
  }

  @Override
  public void delete(Handle handle) {
    transactions.run(
        t -> {
          t.requireStandard(handle);
          if (t.usesStandard(handle)) {
            throw new StillReferenced(new IllegalStateException("the API standard is in use"));
          }
          t.standards.remove(handle);
        });
  }

  private static ApiStandard changed(ApiStandard stored, ApiStandard with) {
    return new ApiStandard(
        stored.handle(),
        with.description(),
        with.format(),
        with.placement(),
        with.operations(),
        with.requestHeaders(),
        with.responseHeaders(),
        with.queryParameters(),
        with.version(),
        stored.createdAt(),
        with.updatedAt());
  }
}
