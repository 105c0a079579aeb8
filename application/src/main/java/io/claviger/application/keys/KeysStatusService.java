package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Count;
import io.claviger.application.shared.port.Transactions;
import java.util.List;
import java.util.stream.Collectors;

final class KeysStatusService implements KeysStatus {
  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final SealedValueStore values;
  private final Transactions transactions;

  KeysStatusService(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Transactions transactions) {
    this.keys = keys;
    this.nodes = nodes;
    this.values = values;
    this.transactions = transactions;
  }

  @Override
  public Status status() {
    return transactions.inTransaction(
        () -> {
          List<Count> counts = values.counts();
          return new Status(keys.all().stream().map(key -> of(key, counts)).toList(), nodes.all());
        });
  }

  private static Key of(Known key, List<Count> counts) {
    return new Key(
        key.id(),
        key.live(),
        counts.stream()
            .filter(count -> count.under().equals(key.id()))
            .collect(Collectors.toMap(Count::kind, Count::values)));
  }
}
