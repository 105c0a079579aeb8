package io.claviger.wiring;

import io.claviger.application.keys.port.KeyWrapper;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.WrappedKey;
import io.claviger.host.StartRefused;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Unwraps encryption keys. Waits while the token or server with the wrapping key can't be reached.
 * The maximum wait is the time for all keys together, counted from the first key. If a key can't be
 * unwrapped, no other key replaces it.
 */
public final class KeyUnwrapping {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final List<KeyWrapper> wrappers;
  private final Duration wait;
  private final Consumer<String> notice;
  private final LongSupplier nanos;
  private final Consumer<Duration> pause;
  private long began = Long.MIN_VALUE;

  /**
   * @param wait the time for which failed attempts are repeated; zero if there is only one attempt
   * @param notice a function that gets a sentence for operators when the waiting begins, and when
   *     its reason changes
   */
  public KeyUnwrapping(List<KeyWrapper> wrappers, Duration wait, Consumer<String> notice) {
    this(wrappers, wait, notice, System::nanoTime, KeyUnwrapping::sleep);
  }

  KeyUnwrapping(
      List<KeyWrapper> wrappers,
      Duration wait,
      Consumer<String> notice,
      LongSupplier nanos,
      Consumer<Duration> pause) {
    this.wrappers = List.copyOf(wrappers);
    this.wait = wait;
    this.notice = notice;
    this.nanos = nanos;
    this.pause = pause;
  }

  /**
   * Returns a key's text, which the caller must wipe.
   *
   * @throws StartRefused with the reason; thrown immediately if waiting can't help
   */
  public byte[] unwrap(WrappedKey key) {
    if (began == Long.MIN_VALUE) {
      began = nanos.getAsLong();
    }
    String told = "";
    while (true) {
      try {
        return wrapper(key.with()).unwrap(key.wrapped(), key.with());
      } catch (OutsideKeyFailure e) {
        String why =
            "the encryption key wrapped with %s can't be unwrapped: %s"
                .formatted(key.with(), e.getMessage());
        Duration left = wait.minusNanos(nanos.getAsLong() - began);
        if (e.isLocking()) {
          throw StartRefused.lasting(why, e);
        }
        if (!e.isAway() || !left.isPositive()) {
          throw new StartRefused(why, e);
        }
        if (!why.equals(told)) {
          notice.accept(
              "%s; trying again for %d s".formatted(why, left.plusMillis(999).toSeconds()));
          told = why;
        }
        pause.accept(left.compareTo(PAUSE) < 0 ? left : PAUSE);
      }
    }
  }

  /**
   * Wraps an encryption key's text.
   *
   * @throws StartRefused if the key can't be wrapped; the message contains the reason
   */
  public WrappedKey wrap(byte[] key, KeyUri with) {
    try {
      return new WrappedKey(wrapper(with).wrap(key, with), with);
    } catch (OutsideKeyFailure e) {
      throw new StartRefused(
          "the encryption key can't be wrapped with %s: %s".formatted(with, e.getMessage()), e);
    }
  }

  private KeyWrapper wrapper(KeyUri with) {
    return wrappers.stream()
        .filter(wrapper -> wrapper.uses(with))
        .findFirst()
        .orElseThrow(() -> OutsideKeyFailure.refused("wrapped keys can't be used here"));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("the wait for a wrapped encryption key was interrupted", e);
    }
  }
}
