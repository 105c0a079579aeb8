package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.domain.keys.EncryptionKeyId;
import java.time.Instant;
import java.util.List;

/** A table with sealed columns, read in batches in the order of its primary key. */
interface SealedTable {
  SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows);

  int replace(List<Replacement> replacements);

  SealedValueBatch<Cleared> clear(EncryptionKeyId key, Position after, int rows, Instant now);
}
