package io.claviger.application.shared;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that want the same thing share one read of it. While it is being read, others who
 * want it wait, and then one of them reads it for all of them. So a thread never gets what was read
 * before it asked, and a hundred threads at once cause two reads.
 *
 * @param <K> names a thing
 * @param <V> what is read
 */
public final class SharedReads<K, V> {
  private final Map<K, Line<V>> lines = new HashMap<>();

  /** The threads that want one thing. */
  private static final class Line<V> {
    private final ReentrantLock reading = new ReentrantLock();
    private SharedRead<V> next = new SharedRead<>();
    private int threads;
  }

  /** One read, for all threads that asked before it began. */
  private static final class SharedRead<V> {
    private @Nullable V found;
    private @Nullable RuntimeException failure;

    private boolean isDone() {
      return found != null || failure != null;
    }

    private void run(Supplier<V> read) {
      try {
        found = read.get();
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    private V result() {
      if (found == null) {
        throw failure == null ? new IllegalStateException("nothing was read") : failure;
      }
      return found;
    }
  }

  /**
   * Returns what a read found that began after this call. Blocks for as long as two reads at most.
   *
   * @param read reads the thing; called by one of the threads that want it, and never returns null
   * @throws RuntimeException what the read threw, for all threads that shared it
   */
  public V read(K thing, Supplier<V> read) {
    Line<V> line;
    SharedRead<V> mine;
    synchronized (lines) {
      line = lines.computeIfAbsent(thing, t -> new Line<>());
      line.threads++;
      mine = line.next;
    }
    try {
      line.reading.lock();
      try {
        if (!mine.isDone()) {
          begin(line);
          mine.run(read);
        }
        return mine.result();
      } finally {
        line.reading.unlock();
      }
    } finally {
      leave(thing, line);
    }
  }

  /** From now on, threads that ask get another read. */
  private void begin(Line<V> line) {
    synchronized (lines) {
      line.next = new SharedRead<>();
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

  /** The number of threads that want a thing now. */
  int threads(K thing) {
    synchronized (lines) {
      Line<V> line = lines.get(thing);
      return line == null ? 0 : line.threads;
    }
  }
}
