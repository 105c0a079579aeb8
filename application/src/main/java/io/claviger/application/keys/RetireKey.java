package io.claviger.application.keys;

import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;

/** Retires an encryption key under which nothing is sealed: nodes then start without it. */
public interface RetireKey {
  Outcome retire(EncryptionKeyId id);

  sealed interface Outcome {
    record Done() implements Outcome {}

    record Refused(KeyObstacle why) implements Outcome {}

    /** So many values are still sealed under it. */
    record InUse(long values) implements Outcome {}
  }
}
