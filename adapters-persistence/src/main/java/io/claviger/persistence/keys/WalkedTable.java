package io.claviger.persistence.keys;

import io.claviger.application.keys.out.SealedValues.Batch;
import io.claviger.application.keys.out.SealedValues.Cleared;
import io.claviger.application.keys.out.SealedValues.Position;
import io.claviger.application.keys.out.SealedValues.Replacement;
import io.claviger.application.keys.out.SealedValues.Standing;
import io.claviger.domain.keys.EncryptionKeyId;
import java.time.Instant;
import java.util.List;

/** One table with sealed columns, walked through in the order of its primary key. */
interface WalkedTable {
  Batch<Standing> notUnder(EncryptionKeyId key, Position after, int rows);

  int replace(List<Replacement> replacements);

  Batch<Cleared> clear(EncryptionKeyId key, Position after, int rows, Instant now);
}
