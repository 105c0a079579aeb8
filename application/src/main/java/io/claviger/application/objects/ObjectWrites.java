package io.claviger.application.objects;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.instances.Instance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts writes into groups. All writes that arrive during a transaction share the next transaction.
 * So each write waits for at most one other transaction before its own transaction begins. If the
 * database refuses a write, the other writes of the group still succeed. The number and the total
 * size of waiting writes are limited, for each service and for all services together.
 *
 * @param <W> the type of a write
 * @param <R> the type of the outcome of a write
 */
final class ObjectWrites<W, R extends @Nullable Object> {
  /** The maximum number of writes in a transaction. */
  private static final int TOGETHER = 100;

  /**
   * The maximum number of writes that wait or are being written. While there are this many writes,
   * further writes fail immediately.
   */
  static final int WAITING = 20_000;

  /** The maximum total size of the writes that wait or are being written, in bytes. */
  static final long BYTES = 32L << 20;

  /**
   * The divisor for a service's part of the limits {@link #WAITING} and {@link #BYTES}. A single
   * service may use up to a quarter of each.
   */
  static final int SHARE_OF_A_SERVICE = 4;

  private static final int MOST_ATTEMPTS = 5;

  private record Waiting<W, R extends @Nullable Object>(W write, CompletableFuture<R> outcome) {}

  /** The number of waiting writes, and their total size in bytes. */
  private record Load(int writes, long bytes) {
    static final Load NONE = new Load(0, 0);

    Load plus(long one) {
      return new Load(writes + 1, bytes + one);
    }

    Load minus(long one) {
      return new Load(writes - 1, bytes - one);
    }

    boolean isBeyond(int part) {
      return writes > WAITING / part || bytes > BYTES / part;
    }
  }

  private final Function<W, Instance.Id> service;
  private final ToLongFunction<W> bytes;
  private final Function<List<W>, List<R>> transaction;
  private final Queue<Waiting<W, R>> queue = new ArrayDeque<>();
  private final Map<Instance.Id, Load> loads = new HashMap<>();
  private Load load = Load.NONE;
  private boolean writing;

  /**
   * @param service the function that returns the service to which a write belongs
   * @param bytes the function that returns an upper bound for the size of a write
   * @param transaction the transaction that makes the given writes and returns their outcomes in
   *     the same order, or throws an exception
   */
  ObjectWrites(
      Function<W, Instance.Id> service,
      ToLongFunction<W> bytes,
      Function<List<W>, List<R>> transaction) {
    this.service = service;
    this.bytes = bytes;
    this.transaction = transaction;
  }

  /**
   * Adds a write to the waiting writes. Never blocks. The returned stage fails if the write fails.
   */
  CompletionStage<R> write(W write) {
    Waiting<W, R> waiting = new Waiting<>(write, new CompletableFuture<>());
    if (!isTaken(waiting)) {
      waiting.outcome().completeExceptionally(new RejectedExecutionException("too many writes"));
    }
    return waiting.outcome();
  }

  private synchronized boolean isTaken(Waiting<W, R> waiting) {
    long size = bytes.applyAsLong(waiting.write());
    Instance.Id of = service.apply(waiting.write());
    Load all = load.plus(size);
    Load ofService = loads.getOrDefault(of, Load.NONE).plus(size);
    if (all.isBeyond(1) || ofService.isBeyond(SHARE_OF_A_SERVICE)) {
      return false;
    }
    load = all;
    Load unused = loads.put(of, ofService);
    boolean added = queue.add(waiting);
    if (!writing) {
      writing = true;
      Thread unusedThread = Thread.ofVirtual().name("object-writes").start(this::writeAll);
    }
    return added;
  }

  private void writeAll() {
    for (List<Waiting<W, R>> group = next(); !group.isEmpty(); group = next()) {
      writeTogether(group);
    }
  }

  private synchronized List<Waiting<W, R>> next() {
    List<Waiting<W, R>> group = new ArrayList<>(TOGETHER);
    while (group.size() < TOGETHER && !queue.isEmpty()) {
      group.add(queue.remove());
    }
    writing = !group.isEmpty();
    return group;
  }

  /**
   * First releases the capacity that the writes use, and then completes the writes' stages. So code
   * that waits for a stage can use this capacity.
   */
  private synchronized void leave(List<Waiting<W, R>> group) {
    for (Waiting<W, R> each : group) {
      long size = bytes.applyAsLong(each.write());
      Instance.Id of = service.apply(each.write());
      load = load.minus(size);
      Load left = loads.getOrDefault(of, Load.NONE).minus(size);
      Load unused = left.writes() > 0 ? loads.put(of, left) : loads.remove(of);
    }
  }

  /**
   * Writes a group. If the group can't be written, it is halved repeatedly until the failing write
   * is alone in its group. If the failure is due to a locked service, the group is split by
   * services instead.
   */
  private void writeTogether(List<Waiting<W, R>> group) {
    try {
      List<R> outcomes = outcomes(group);
      leave(group);
      for (int i = 0; i < group.size(); i++) {
        boolean unused = group.get(i).outcome().complete(outcomes.get(i));
      }
    } catch (StoreUnavailable | QueryTimeout e) {
      fail(group, e);
    } catch (ConcurrencyConflict e) {
      if (e.how() == ConcurrencyConflict.How.LOCKED) {
        writeEachService(group, e);
      } else {
        writeHalves(group, e);
      }
    } catch (RuntimeException | Error e) {
      writeHalves(group, e);
    }
  }

  /**
   * Writes the group in one transaction per service, so that only the writes for the locked service
   * fail. Each of these transactions waits for the lock.
   */
  private void writeEachService(List<Waiting<W, R>> group, ConcurrencyConflict why) {
    Map<Instance.Id, List<Waiting<W, R>>> services =
        group.stream()
            .collect(
                Collectors.groupingBy(
                    each -> service.apply(each.write()), LinkedHashMap::new, Collectors.toList()));
    if (services.size() == 1) {
      fail(group, why);
    } else {
      services.values().forEach(this::writeTogether);
    }
  }

  private void writeHalves(List<Waiting<W, R>> group, Throwable why) {
    if (group.size() == 1) {
      fail(group, why);
    } else {
      writeTogether(group.subList(0, group.size() / 2));
      writeTogether(group.subList(group.size() / 2, group.size()));
    }
  }

  private void fail(List<Waiting<W, R>> group, Throwable why) {
    leave(group);
    group.forEach(each -> each.outcome().completeExceptionally(why));
  }

  private List<R> outcomes(List<Waiting<W, R>> group) {
    List<W> writes = group.stream().map(Waiting::write).toList();
    int attempts = group.size() == 1 ? MOST_ATTEMPTS : 1;
    return ConcurrencyConflict.repeated(attempts, () -> transaction.apply(writes));
  }
}
