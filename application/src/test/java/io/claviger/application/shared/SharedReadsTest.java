package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedReadsTest {
  private static final int THREADS = 16;

  private final SharedReads<String, Integer> reads = new SharedReads<>();
  private final AtomicInteger count = new AtomicInteger();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  @AutoClose private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @Test
  void sixteen_threads_cause_two_reads_and_those_that_waited_get_the_second() throws Exception {
    List<Future<Integer>> results = new ArrayList<>(start(1, () -> reads.read("a", this::slowly)));
    until(() -> count.get() == 1);
    results.addAll(start(THREADS - 1, () -> reads.read("a", this::slowly)));
    until(() -> reads.threads("a") == THREADS);
    mayEnd.countDown();

    List<Integer> found = new ArrayList<>();
    for (Future<Integer> result : results) {
      found.add(result.get());
    }
    assertThat(found).filteredOn(read -> read == 1).hasSize(1);
    assertThat(found).filteredOn(read -> read == 2).hasSize(THREADS - 1);
    assertThat(count).hasValue(2);
    assertThat(reads.threads("a")).isZero();
  }

  @Test
  void one_after_the_other_each_reads() {
    assertThat(reads.read("a", count::incrementAndGet)).isEqualTo(1);
    assertThat(reads.read("a", count::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void other_things_are_not_waited_for() throws Exception {
    Future<Integer> slow = start(1, () -> reads.read("a", this::slowly)).getFirst();
    until(() -> count.get() == 1);

    assertThat(reads.read("b", () -> 7)).isEqualTo(7);
    mayEnd.countDown();
    assertThat(slow.get()).isEqualTo(1);
  }

  @Test
  void a_failure_is_told_to_all_who_shared_the_read_and_to_nobody_later() {
    StoreUnavailable away = new StoreUnavailable(new IllegalStateException("away"));
    CompletableFuture<Integer> first = later(() -> reads.read("a", this::slowly));
    until(() -> count.get() == 1);
    Supplier<Integer> failing =
        () -> {
          int unused = count.incrementAndGet();
          throw away;
        };
    List<CompletableFuture<Integer>> failed =
        List.of(later(() -> reads.read("a", failing)), later(() -> reads.read("a", failing)));
    until(() -> reads.threads("a") == 3);
    mayEnd.countDown();

    assertThat(first.join()).isEqualTo(1);
    for (CompletableFuture<Integer> each : failed) {
      assertThatThrownBy(each::join).hasCause(away);
    }
    assertThat(count).hasValue(2);
    assertThat(reads.read("a", count::incrementAndGet)).isEqualTo(3);
  }

  private static void until(BooleanSupplier state) {
    while (!state.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  /** A read that ends once the test allows it. */
  private int slowly() {
    int number = count.incrementAndGet();
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return number;
  }

  private CompletableFuture<Integer> later(Supplier<Integer> task) {
    return CompletableFuture.supplyAsync(task, threads);
  }

  private List<Future<Integer>> start(int times, Supplier<Integer> task) {
    List<Future<Integer>> all = new ArrayList<>();
    for (int n = 0; n < times; n++) {
      all.add(threads.submit(task::get));
    }
    return all;
  }
}
