package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.accounts.User;
import io.claviger.gateway.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingLookupsTest {
  private final AtomicLong now = new AtomicLong();

  /** How long each task seems to take. */
  private volatile Duration each = Duration.ZERO;

  private final BlockingLookups lookUps = new BlockingLookups(() -> now.addAndGet(each.toNanos()));
  private final CountDownLatch over = new CountDownLatch(1);
  private final Semaphore begun = new Semaphore(0);

  @AfterEach
  void close() {
    over.countDown();
    lookUps.close();
  }

  private void assertTakesFewThreads(int owner) throws InterruptedException {
    for (int i = 0; i < BlockingLookups.MOST; i++) {
      lookUps.of(owner(owner)).execute(this::untilOver);
    }
    awaitBegun(BlockingLookups.MOST_OF_UNPROVEN);
    prove(owner + 1);

    assertThat(begun.availablePermits()).isZero();
  }

  @Test
  void who_is_not_proven_takes_few_threads() throws InterruptedException {
    assertTakesFewThreads(1);
  }

  @Test
  void a_quick_task_lets_what_waits_of_its_owner_begin() throws InterruptedException {
    CountDownLatch one = new CountDownLatch(1);
    lookUps.of(owner(1)).execute(() -> until(one));
    for (int i = 1; i < BlockingLookups.MOST; i++) {
      lookUps.of(owner(1)).execute(this::untilOver);
    }
    awaitBegun(BlockingLookups.MOST_OF_UNPROVEN);
    one.countDown();

    awaitBegun(BlockingLookups.MOST_OF_ONE - 1);
  }

  @Test
  void a_slow_task_takes_the_proof_away() throws InterruptedException {
    prove(1);
    each = Duration.ofSeconds(1);
    prove(1);
    assertTakesFewThreads(1);
  }

  @Test
  void slow_name_servers_of_many_owners_leave_threads_to_proven_ones() throws InterruptedException {
    prove(1);
    for (int i = 100; i < 100 + 2 * BlockingLookups.MOST; i++) {
      lookUps.of(owner(i)).execute(this::untilOver);
    }
    awaitBegun(BlockingLookups.CROWDED);
    prove(1);

    assertThat(begun.availablePermits()).isZero();
  }

  @Test
  void who_was_proven_takes_one_of_the_last_threads() throws InterruptedException {
    for (int i = 1; i <= 7; i++) {
      prove(i);
    }
    for (int i = 1; i <= 6; i++) {
      for (int task = 0; task < 2 * BlockingLookups.MOST_OF_ONE; task++) {
        lookUps.of(owner(i)).execute(this::untilOver);
      }
    }
    awaitBegun(BlockingLookups.CROWDED);
    lookUps.of(owner(7)).execute(this::untilOver);
    lookUps.of(owner(7)).execute(this::untilOver);
    awaitBegun(1);

    assertThat(begun.availablePermits()).isZero();
  }

  @Test
  void one_owner_takes_no_more_than_a_share_of_the_threads() throws InterruptedException {
    prove(1);
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
      prove(i);
    }
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
    int most = BlockingLookups.MOST_OF_UNPROVEN + BlockingLookups.MOST_WAITING_OF_ONE;
    for (int i = 0; i < most; i++) {
      lookUps.of(owner(1)).execute(this::untilOver);
    }

    assertThatThrownBy(() -> lookUps.of(owner(1)).execute(this::untilOver))
        .isInstanceOf(RejectedExecutionException.class);
    lookUps.of(owner(2)).execute(this::untilOver);
  }

  @Test
  void what_waits_is_bounded_in_all() {
    int most = BlockingLookups.CROWDED + BlockingLookups.MOST_WAITING;
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
    each = Duration.ofSeconds(1);
    CountDownLatch one = new CountDownLatch(1);
    for (int i = 1; i < BlockingLookups.CROWDED; i++) {
      lookUps.of(owner(100 + i)).execute(this::untilOver);
    }
    lookUps.of(owner(100)).execute(() -> until(one));
    awaitBegun(BlockingLookups.CROWDED);
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

  /** Runs a task of this owner, who is proven if it was quick. */
  private void prove(int owner) throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    lookUps.of(owner(owner)).execute(ran::countDown);
    assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    Rig.await(() -> lookUps.isIdle(owner(owner)));
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
