package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.accounts.User;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingLookupsTest {
  private final BlockingLookups lookUps = new BlockingLookups();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Semaphore begun = new Semaphore(0);

  @AfterEach
  void close() {
    over.countDown();
    lookUps.close();
  }

  @Test
  void one_owner_takes_no_more_than_a_share_of_the_threads() throws InterruptedException {
    for (int i = 0; i < 3 * BlockingLookups.MOST; i++) {
      lookUps.of(owner(1)).execute(this::untilOver);
    }
    awaitBegun(BlockingLookups.MOST_OF_ONE);
    CountDownLatch other = new CountDownLatch(1);
    lookUps.of(owner(2)).execute(other::countDown);

    assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(begun.availablePermits()).isZero();
  }

  @Test
  void all_owners_together_take_no_more_threads_than_there_are() throws InterruptedException {
    for (int i = 0; i < 2 * BlockingLookups.MOST; i++) {
      lookUps.of(owner(i)).execute(this::untilOver);
    }
    awaitBegun(BlockingLookups.MOST);

    assertThat(begun.availablePermits()).isZero();
    over.countDown();
    awaitBegun(BlockingLookups.MOST);
  }

  @Test
  void what_waits_is_bounded_for_each_owner() {
    int most = BlockingLookups.MOST_OF_ONE + BlockingLookups.MOST_WAITING_OF_ONE;
    for (int i = 0; i < most; i++) {
      lookUps.of(owner(1)).execute(this::untilOver);
    }

    assertThatThrownBy(() -> lookUps.of(owner(1)).execute(this::untilOver))
        .isInstanceOf(RejectedExecutionException.class);
    lookUps.of(owner(2)).execute(this::untilOver);
  }

  @Test
  void what_waits_is_bounded_in_all() {
    int most = BlockingLookups.MOST + BlockingLookups.MOST_WAITING;
    for (int i = 0; i < most; i++) {
      lookUps.of(owner(i)).execute(this::untilOver);
    }

    assertThatThrownBy(() -> lookUps.of(owner(most)).execute(this::untilOver))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void every_task_runs_once_whoever_they_are_of_and_whether_one_fails()
      throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      boolean fails = i % 7 == 0;
      tasks.add(
          () -> {
            runs.incrementAndGet();
            begun.release();
            if (fails) {
              throw new IllegalStateException("fails");
            }
          });
    }
    int n = 0;
    for (Runnable task : tasks) {
      lookUps.of(owner(n++ % 100)).execute(task);
    }
    awaitBegun(4_000);

    assertThat(runs).hasValue(4_000);
  }

  @Test
  void owners_take_turns() throws InterruptedException {
    CountDownLatch one = new CountDownLatch(1);
    for (int i = 1; i < BlockingLookups.MOST; i++) {
      lookUps.of(owner(100 + i)).execute(this::untilOver);
    }
    lookUps.of(owner(100)).execute(() -> until(one));
    awaitBegun(BlockingLookups.MOST);
    List<Integer> order = new ArrayList<>();
    for (int task = 0; task < 50; task++) {
      lookUps.of(owner(1)).execute(() -> note(order, 1));
    }
    lookUps.of(owner(2)).execute(() -> note(order, 2));
    one.countDown();
    awaitBegun(51);

    synchronized (order) {
      assertThat(order.indexOf(2)).isEqualTo(1);
    }
  }

  private void note(List<Integer> order, int owner) {
    synchronized (order) {
      order.add(owner);
    }
    begun.release();
  }

  private void untilOver() {
    until(over);
  }

  private void until(CountDownLatch end) {
    begun.release();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitBegun(int tasks) throws InterruptedException {
    assertThat(begun.tryAcquire(tasks, 20, TimeUnit.SECONDS)).isTrue();
  }

  private static User.Id owner(int number) {
    return new User.Id(new UUID(0, number));
  }
}
