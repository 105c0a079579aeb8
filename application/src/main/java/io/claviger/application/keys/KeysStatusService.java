package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.EncryptionKeys.Known;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.SealedValues.Count;
import io.claviger.application.shared.out.Transactions;
import java.util.List;
import java.util.stream.Collectors;

final class KeysStatusService implements KeysStatus {
  private final EncryptionKeys keys;
  private final Nodes nodes;
  private final SealedValues values;
  private final Transactions transactions;

  KeysStatusService(
      EncryptionKeys keys, Nodes nodes, SealedValues values, Transactions transactions) {
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
