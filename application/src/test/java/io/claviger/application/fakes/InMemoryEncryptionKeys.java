package io.claviger.application.fakes;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.SealedValue;
import java.util.Comparator;
import java.util.List;

/** {@link EncryptionKeyStore} in memory. */
public final class InMemoryEncryptionKeys implements EncryptionKeyStore {
  private final InMemoryTransactions transactions;

  public InMemoryEncryptionKeys(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public List<Known> lockAll() {
    return all();
  }

  @Override
  public List<Known> all() {
    return transactions.read(
        t -> t.encryptionKeys.values().stream().sorted(Comparator.comparing(Known::id)).toList());
  }

  @Override
  public void add(EncryptionKeyId id, SealedValue sentinel) {
    if (!sentinel.sealedUnder().equals(id)) {
      throw new IllegalStateException("a sentinel is sealed under the key it stands for");
    }
    transactions.run(t -> t.encryptionKeys.putIfAbsent(id, new Known(id, true, sentinel)));
  }

  @Override
  public void retire(EncryptionKeyId id) {
    transactions.run(
        t -> {
          if (t.sealedValues().anyMatch(value -> value.sealedUnder().equals(id))) {
            throw new StillReferenced(new IllegalStateException("values are under " + id));
          }
          t.encryptionKeys.computeIfPresent(
              id, (k, known) -> new Known(id, false, known.sentinel()));
        });
  }
}
