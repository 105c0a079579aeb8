package io.claviger.application.fakes;

import io.claviger.application.keys.EncryptionKeys;

/**
 * Ignores the progress of a rotation.
 *
 * @param begun runs when the rotation begins
 */
public record IgnoredProgress(Runnable begun) implements EncryptionKeys.Progress {
  public IgnoredProgress() {
    this(() -> {});
  }

  @Override
  public void begin(long values) {
    begun.run();
  }

  @Override
  public void advance(long more) {}
}
