package io.claviger.application.fakes;

import io.claviger.application.shared.port.RandomBytes;
import java.util.Random;

/** Random bytes that are the same in every run with the same seed. */
public final class SeededRandomBytes implements RandomBytes {
  private final Random random;

  public SeededRandomBytes(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public synchronized byte[] next(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
