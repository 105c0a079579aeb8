package io.claviger.gateway;

/** How long a call took, and how much of it was the provider's. */
final class CallClock {
  private final long began = System.nanoTime();
  private long sent;
  private long answered;

  /** The request goes out; when it has to go out again, only the last time counts. */
  void sent() {
    sent = System.nanoTime();
  }

  void answered() {
    answered = System.nanoTime();
  }

  /** 0 for a call that never went out. */
  long providerNanos() {
    if (sent == 0) {
      return 0;
    }
    return (answered == 0 ? System.nanoTime() : answered) - sent;
  }

  long addedNanos() {
    return System.nanoTime() - began - providerNanos();
  }
}
