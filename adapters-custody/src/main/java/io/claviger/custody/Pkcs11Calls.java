package io.claviger.custody;

import io.claviger.application.keys.port.OutsideKeyFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this process into one PKCS#11 library. A call into a native library can't be
 * interrupted. A call that hangs on a virtual thread also blocks the carrier of this thread. A few
 * such calls would block all virtual threads of the process. So each call runs on a platform thread
 * of its own, and nobody waits for a call longer than the time limit. A thread that hangs still
 * counts as running, so there are never more than {@value #MOST} threads for a library.
 */
final class Pkcs11Calls {
  /** The maximum number of simultaneous calls into a library. */
  static final int MOST = 4;

  /** The maximum duration of a call. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Map<String, Pkcs11Calls> BY_LIBRARY = new ConcurrentHashMap<>();

  private final Semaphore places = new Semaphore(MOST, true);

  /** The number of calls that nobody waits for any more, but that have not ended. */
  private final AtomicInteger hanging = new AtomicInteger();

  /**
   * Returns the object through which this process calls a library.
   *
   * @param library the path of the library
   */
  static Pkcs11Calls into(String library) {
    return BY_LIBRARY.computeIfAbsent(library, unused -> new Pkcs11Calls());
  }

  /**
   * Makes a call. If {@value #MOST} earlier calls hang, the call is refused immediately.
   *
   * @param patience the maximum time to wait for the end of the call, including the time until
   *     fewer than {@link #MOST} calls are running
   * @param work the call, which runs on another thread, possibly even after the time limit
   * @param discard an action that receives a result that came too late
   * @throws OutsideKeyFailure if the call does not end in time, or if {@code work} throws it
   */
  <T> T call(Duration patience, Supplier<T> work, Consumer<? super T> discard) {
    int hang = hanging.get();
    if (hang >= MOST) {
      throw away("%d calls hang".formatted(hang));
    }
    long end = System.nanoTime() + patience.toNanos();
    takePlace(patience);
    CompletableFuture<T> result = new CompletableFuture<>();
    start(work, result, discard);
    try {
      return result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return givenUp(result, tooLate(patience));
    } catch (InterruptedException e) {
      return givenUp(result, interrupted());
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    }
  }

  private void takePlace(Duration patience) {
    try {
      if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw tooLate(patience);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private <T> void start(
      Supplier<T> work, CompletableFuture<T> result, Consumer<? super T> discard) {
    boolean started = false;
    try {
      Thread unused =
          Thread.ofPlatform().daemon().name("pkcs11").start(() -> run(work, result, discard));
      started = true;
    } finally {
      if (!started) {
        places.release();
      }
    }
  }

  private <T> void run(Supplier<T> work, CompletableFuture<T> result, Consumer<? super T> discard) {
    boolean isAwaited;
    try {
      T got = work.get();
      isAwaited = result.complete(got);
      if (!isAwaited) {
        discard.accept(got);
      }
    } catch (Throwable e) {
      isAwaited = result.completeExceptionally(e);
    }
    if (!isAwaited) {
      int unused = hanging.decrementAndGet();
    }
    places.release();
  }

  /** Stops waiting for a call. If the call has ended just now, its result is used after all. */
  private <T> T givenUp(CompletableFuture<T> result, OutsideKeyFailure why) {
    if (result.completeExceptionally(why)) {
      int unused = hanging.incrementAndGet();
      throw why;
    }
    try {
      return result.join();
    } catch (RuntimeException e) {
      throw thrown(e.getCause());
    }
  }

  private static OutsideKeyFailure interrupted() {
    Thread.currentThread().interrupt();
    return OutsideKeyFailure.away("the wait for the PKCS#11 token was interrupted");
  }

  private static OutsideKeyFailure tooLate(Duration patience) {
    return away("no answer within %d s".formatted(patience.toSeconds()));
  }

  private static OutsideKeyFailure away(String why) {
    return OutsideKeyFailure.away("the PKCS#11 token does not answer (%s)".formatted(why));
  }

  private static RuntimeException thrown(@Nullable Throwable by) {
    if (by instanceof Error fault) {
      throw fault;
    }
    return by instanceof RuntimeException known ? known : new IllegalStateException(by);
  }
}
