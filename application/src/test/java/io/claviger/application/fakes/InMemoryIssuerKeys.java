package io.claviger.application.fakes;

import io.claviger.application.issuer.port.IssuerKeyStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.IssuerKey.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link IssuerKeyStore} in memory, apart from the transactions of the other stores. */
public final class InMemoryIssuerKeys implements IssuerKeyStore {
  private final Map<String, StoredKey> keys = new LinkedHashMap<>();

  @Override
  public synchronized List<StoredKey> all() {
    return List.copyOf(keys.values()).reversed();
  }

  @Override
  public List<StoredKey> lockAll() {
    return all();
  }

  @Override
  public synchronized void insert(StoredKey key) {
    demandOne(key.key());
    keys.put(key.key().kid(), key);
  }

  private void demandOne(IssuerKey key) {
    boolean taken =
        key.state() != State.RETIRED
            && keys.values().stream()
                .anyMatch(
                    other ->
                        other.key().state() == key.state() && !other.key().kid().equals(key.kid()));
    if (taken) {
      throw new ConcurrencyConflict(
          ConcurrencyConflict.How.TAKEN, new IllegalStateException("one key of a state"));
    }
  }

  @Override
  public synchronized void update(IssuerKey key) {
    demandOne(key);
    StoredKey unused =
        keys.computeIfPresent(key.kid(), (kid, before) -> new StoredKey(key, before.value()));
  }

  @Override
  public synchronized void delete(String kid) {
    StoredKey unused = keys.remove(kid);
  }
}
