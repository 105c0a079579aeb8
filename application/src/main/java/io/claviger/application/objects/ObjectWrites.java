package io.claviger.application.objects;

import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.shared.ConcurrencyConflict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes in groups: what arrives while a transaction is under way shares the next one. So nothing
 * waits longer than for one transaction before its own.
 *
 * @param <W> what is written
 * @param <R> what comes of it
 */
final class ObjectWrites<W, R extends @Nullable Object> {
  /** The most writes in a transaction. */
  private static final int TOGETHER = 100;

  /** The most writes that wait. Beyond, they fail at once. */
  static final int WAITING = 20_000;

  private static final int MOST_ATTEMPTS = 5;

  private record Waiting<W, R extends @Nullable Object>(W write, CompletableFuture<R> outcome) {}

  private final Function<List<W>, List<R>> transaction;
  private final LinkedBlockingQueue<Waiting<W, R>> queue = new LinkedBlockingQueue<>(WAITING);
  private final AtomicBoolean writing = new AtomicBoolean();

  /**
   * @param transaction writes all or throws, and returns the outcomes in the same order
   */
  ObjectWrites(Function<List<W>, List<R>> transaction) {
    this.transaction = transaction;
  }

  /** A group commit of a ledger. */
  static ObjectWrites<ObjectLedger.NewObject, ObjectLedger.Recorded> recording(
      ObjectLedger ledger) {
    return new ObjectWrites<>(ledger::record);
  }

  /** Never blocks. The stage fails if the write does. */
  CompletionStage<R> write(W write) {
    Waiting<W, R> waiting = new Waiting<>(write, new CompletableFuture<>());
    if (!queue.offer(waiting)) {
      waiting.outcome().completeExceptionally(new RejectedExecutionException("too many writes"));
    } else {
      begin();
    }
    return waiting.outcome();
  }

  private void begin() {
    if (writing.compareAndSet(false, true)) {
      Thread unused = Thread.ofVirtual().name("object-writes").start(this::writeAll);
    }
  }

  private void writeAll() {
    List<Waiting<W, R>> group = new ArrayList<>();
    do {
      while (queue.drainTo(group, TOGETHER) > 0) {
        writeTogether(group);
        group.clear();
      }
      writing.set(false);
      // What came after the last look and before the flag was cleared has started no thread.
    } while (!queue.isEmpty() && writing.compareAndSet(false, true));
  }

  private void writeTogether(List<Waiting<W, R>> group) {
    try {
      List<R> outcomes = attempt(group.stream().map(Waiting::write).toList());
      for (int i = 0; i < group.size(); i++) {
        boolean unused = group.get(i).outcome().complete(outcomes.get(i));
      }
    } catch (RuntimeException | Error e) {
      group.forEach(each -> each.outcome().completeExceptionally(e));
    }
  }

  private List<R> attempt(List<W> writes) {
    for (int attempt = 1; true; attempt++) {
      try {
        return transaction.apply(writes);
      } catch (ConcurrencyConflict e) {
        // The attempt was rolled back, so it can be repeated unchanged.
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
