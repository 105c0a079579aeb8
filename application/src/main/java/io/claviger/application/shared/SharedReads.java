package io.claviger.application.shared;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Lets threads that want the same value share a read. While a thread reads a value, other threads
 * that want it wait. When the read has ended, one of the waiting threads reads the value for all of
 * them. So a thread never gets the result of a read that began before the thread asked, and a
 * hundred simultaneous threads cause only two reads.
 *
 * @param <K> the type of the values' keys
 * @param <V> the type of the values
 */
public final class SharedReads<K, V> {
  private final Map<K, Line<V>> lines = new HashMap<>();

  /** The threads that want a certain value. */
  private static final class Line<V> {
    /** Completes when the latest read has ended. */
    private CompletableFuture<?> last = CompletableFuture.completedFuture(true);

    private SharedRead<V> next = new SharedRead<>();
    private int threads;
  }

  /** A read, whose result is used by all threads that asked before the read began. */
  private static final class SharedRead<V> {
    private final CompletableFuture<V> result = new CompletableFuture<>();

    /** Whether one of the threads is reading the value or will read it. */
    private boolean isTaken;
  }

  /**
   * Returns the result of a read that begins after this call. Blocks for at most the duration of
   * two reads.
   *
   * @param read the function that reads the value and never returns null. The function is called in
   *     one of the threads that want the value
   * @throws RuntimeException the exception of the read; all threads that share the read get it
   */
  public V read(K thing, Supplier<V> read) {
    Line<V> line;
    SharedRead<V> mine;
    boolean reads;
    synchronized (lines) {
      line = lines.computeIfAbsent(thing, t -> new Line<>());
      line.threads++;
      mine = line.next;
      reads = !mine.isTaken;
      mine.isTaken = true;
    }
    try {
      if (reads) {
        awaitEnd(line);
        begin(line, mine);
        run(mine, read);
      }
      return result(mine);
    } finally {
      leave(thing, line);
    }
  }

  private void awaitEnd(Line<V> line) {
    CompletableFuture<?> before;
    synchronized (lines) {
      before = line.last;
    }
    Object unused = before.handle((found, failure) -> true).join();
  }

  /**
   * Records that a read has begun, so that threads that ask from now on get the result of a later
   * read.
   */
  private void begin(Line<V> line, SharedRead<V> read) {
    synchronized (lines) {
      line.last = read.result;
      line.next = new SharedRead<>();
    }
  }

  private static <V> void run(SharedRead<V> mine, Supplier<V> read) {
    try {
      boolean unused = mine.result.complete(read.get());
    } catch (RuntimeException | Error e) {
      boolean unused = mine.result.completeExceptionally(e);
    }
  }

  private static <V> V result(SharedRead<V> mine) {
    try {
      return mine.result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void leave(K thing, Line<V> line) {
    synchronized (lines) {
      line.threads--;
      if (line.threads == 0) {
        Line<V> unused = lines.remove(thing);
      }
    }
  }

  /** Returns the number of threads that want the given value at present. */
  int threads(K thing) {
    synchronized (lines) {
      Line<V> line = lines.get(thing);
      return line == null ? 0 : line.threads;
    }
  }
}
