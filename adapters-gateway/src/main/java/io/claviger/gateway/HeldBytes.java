package io.claviger.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all bodies that are held may take together. Without this bound a few callers with many
 * connections could take the memory that every call needs.
 */
final class HeldBytes {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  HeldBytes(long most) {
    this.most = most;
  }

  /** A quarter of what buffers may take at all, which is as much as the heap. */
  static HeldBytes ofThisProcess() {
    return new HeldBytes(Runtime.getRuntime().maxMemory() / 4);
  }

  /** Takes all of them or none. */
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    give(bytes);
    return false;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  long taken() {
    return taken.get();
  }
}
