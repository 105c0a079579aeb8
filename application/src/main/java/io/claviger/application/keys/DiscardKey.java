package io.claviger.application.keys;

import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;

/**
 * Gives up an encryption key that is lost: what is sealed under it is taken away, since nobody can
 * open it any more, and the key is retired.
 */
public interface DiscardKey {
  /** What a discarding would come to. */
  Outcome foreseen(EncryptionKeyId id);

  /** Can be begun again where it was broken off: what is gone is gone. */
  Outcome discard(EncryptionKeyId id);

  sealed interface Outcome {
    record Concerns(Concerned concerned) implements Outcome {}

    record Refused(KeyObstacle why) implements Outcome {}
  }
}
