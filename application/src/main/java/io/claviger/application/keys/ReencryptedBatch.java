package io.claviger.application.keys;

import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads values and reencrypts them, without writing any. */
record ReencryptedBatch(SealedValueStore values, Sealer sealer) {
  /**
   * The number of rows in a batch. A change to one of these rows waits while the batch is written:
   * some tens of milliseconds.
   */
  private static final int ROWS = 2_000;

  /**
   * A batch of values, of which those that can be opened are reencrypted.
   *
   * @param next empty at the end of the table
   */
  record Prepared(
      List<Replacement> replacements,
      List<EncryptionKeys.Unopened> unopened,
      Optional<Position> next) {}

  Prepared after(Position position) {
    SealedValueBatch<StoredValue> batch = values.notUnder(sealer.sealingKey(), position, ROWS);
    List<Replacement> replacements = new ArrayList<>(batch.found().size());
    List<EncryptionKeys.Unopened> unopened = new ArrayList<>();
    for (StoredValue stored : batch.found()) {
      reencrypt(stored)
          .ifPresentOrElse(
              value -> replacements.add(new Replacement(stored, value)),
              () -> unopened.add(unopened(stored)));
    }
    return new Prepared(
        replacements, unopened, batch.next().filter(behind -> behind.table() == position.table()));
  }

  private Optional<SealedValue> reencrypt(StoredValue stored) {
    return stored.binding().flatMap(binding -> reencrypt(stored.value(), binding));
  }

  private Optional<SealedValue> reencrypt(SealedValue value, KeyBinding binding) {
    Optional<Secret> opened = sealer.open(value, binding);
    try {
      return opened.map(secret -> sealer.seal(secret, binding));
    } finally {
      opened.ifPresent(Secret::close);
    }
  }

  private static EncryptionKeys.Unopened unopened(StoredValue stored) {
    return new EncryptionKeys.Unopened(
        stored.kind(),
        stored.at().map(SealedValueStore.ServiceRow::ref),
        stored.holder(),
        stored.value().sealedUnder());
  }
}
