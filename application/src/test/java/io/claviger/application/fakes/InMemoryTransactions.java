package io.claviger.application.fakes;

import io.claviger.application.shared.port.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs one transaction at a time, so that no lock is needed. A transaction that fails is undone
 * from a copy. As in PostgreSQL, a transaction in which something has failed accepts nothing more.
 */
public final class InMemoryTransactions implements Transactions {
  private final ReentrantLock lock = new ReentrantLock();
  private Tables tables = Tables.seeded();
  private final List<Set<UUID>> changes = new ArrayList<>();
  private boolean underWay;
  private boolean failed;

  @Override
  public <T> T inTransaction(Supplier<T> work) {
    lock.lock();
    try {
      return underWay ? joined(work) : outermost(work);
    } finally {
      lock.unlock();
    }
  }

  <T> T read(Function<Tables, T> reading) {
    lock.lock();
    try {
      requireSound();
      return reading.apply(tables);
    } finally {
      lock.unlock();
    }
  }

  <T> T change(Function<Tables, T> change) {
    return inTransaction(
        () -> {
          requireSound();
          return change.apply(tables);
        });
  }

  void run(Consumer<Tables> change) {
    boolean unused =
        change(
            t -> {
              change.accept(t);
              return true;
            });
  }

  /**
   * Remembers the present content of the tables. Returns an action that restores this content in a
   * separate transaction.
   */
  public Runnable savepoint() {
    Tables saved = read(Tables::copy);
    return () -> {
      lock.lock();
      try {
        Tables before = tables;
        tables = saved.copy();
        note(ChangedRows.between(before, tables));
      } finally {
        lock.unlock();
      }
    };
  }

  /** The subjects of calls that each transaction changed, in the order of the transactions. */
  List<Set<UUID>> changes() {
    lock.lock();
    try {
      return List.copyOf(changes);
    } finally {
      lock.unlock();
    }
  }

  private void note(Set<UUID> subjects) {
    if (!subjects.isEmpty()) {
      changes.add(subjects);
    }
  }

  private <T> T outermost(Supplier<T> work) {
    Tables before = tables.copy();
    underWay = true;
    failed = false;
    boolean done = false;
    try {
      T result = work.get();
      requireSound();
      note(ChangedRows.between(before, tables));
      done = true;
      return result;
    } finally {
      underWay = false;
      failed = false;
      if (!done) {
        tables = before;
      }
    }
  }

  private <T> T joined(Supplier<T> work) {
    boolean done = false;
    try {
      T result = work.get();
      done = true;
      return result;
    } finally {
      failed |= !done;
    }
  }

  private void requireSound() {
    if (failed) {
      throw new IllegalStateException("this transaction has failed and can only be rolled back");
    }
  }
}
