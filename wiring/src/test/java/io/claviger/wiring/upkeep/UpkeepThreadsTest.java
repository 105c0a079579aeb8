package io.claviger.wiring.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.testkit.SettableNanos;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** A periodic task that fails pauses, and disturbs no other. */
class UpkeepThreadsTest {
  private final TaskRecords records = new TaskRecords();
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE);
  private final AtomicInteger before = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicInteger after = new AtomicInteger();

  private UpkeepThreads.Lane lane(Runnable failure) {
    return new UpkeepThreads.Lane(
        List.of(
            tenths("before", before::incrementAndGet),
            tenths(
                "failing",
                () -> {
                  failing.incrementAndGet();
                  failure.run();
                }),
            tenths("after", after::incrementAndGet).ending(after::incrementAndGet)),
        records,
        nanos);
  }

  private static Upkeep tenths(String task, Runnable work) {
    return Upkeep.each(Duration.ofMillis(100), "thread", task, work);
  }

  private static Runnable throwing(Throwable thrown) {
    return () -> UpkeepThreadsTest.<RuntimeException>raise(thrown);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void raise(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void a_task_without_work_asks_for_nothing_else_until_there_is_work() {
    AtomicBoolean work = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    UpkeepThreads.Lane lane =
        new UpkeepThreads.Lane(
            List.of(
                tenths("before", before::incrementAndGet)
                    .whenThereIsWork(work::get)
                    .onlyWhile(() -> asked.incrementAndGet() > 0, Duration.ofSeconds(3))),
            records,
            nanos);
    lane.runDue();
    assertThat(asked).hasValue(0);
    work.set(true);
    nanos.advance(Duration.ofMillis(1_999));
    lane.runDue();
    assertThat(before).hasValue(0);

    nanos.advance(Duration.ofMillis(1));
    lane.runDue();

    assertThat(before).hasValue(1);
    assertThat(asked).hasValue(1);
  }

  @Test
  void a_task_does_nothing_while_its_condition_does_not_hold() {
    AtomicBoolean holds = new AtomicBoolean();
    UpkeepThreads.Lane lane =
        new UpkeepThreads.Lane(
            List.of(
                tenths("before", before::incrementAndGet)
                    .openingValues()
                    .onlyWhile(holds::get, Duration.ofSeconds(3))),
            records,
            nanos);
    lane.runDue();
    nanos.advance(Duration.ofSeconds(2));
    holds.set(true);
    lane.runDue();
    assertThat(before).hasValue(0);

    nanos.advance(Duration.ofSeconds(1));
    lane.runDue();
    nanos.advance(Duration.ofMillis(100));
    lane.runDue();
    assertThat(before).hasValue(2);
  }

  @Test
  void a_task_that_fails_stops_no_other() {
    for (Throwable thrown :
        new Throwable[] {
          new IllegalStateException("broken"),
          new StoreUnavailable(new IllegalStateException("away")),
          new AssertionError("broken"),
          new NoClassDefFoundError("broken"),
          new StackOverflowError("broken"),
          new Exception("checked")
        }) {
      lane(throwing(thrown)).runDue();
    }
    assertThat(before).hasValue(6);
    assertThat(failing).hasValue(6);
    assertThat(after).hasValue(6);
    assertThat(records.of("failing").failures()).isEqualTo(6);
    assertThat(records.of("failing").lastSuccess()).isEmpty();
    assertThat(records.of("after").failures()).isZero();
    assertThat(records.of("after").lastSuccess()).isPresent();
  }

  @Test
  void a_task_that_goes_on_failing_pauses_for_longer_and_longer() {
    UpkeepThreads.Lane lane = lane(throwing(new IllegalStateException("broken")));
    for (int tenths = 0; tenths < 600; tenths++) {
      lane.runDue();
      nanos.advance(Duration.ofMillis(100));
    }
    assertThat(failing.get()).isBetween(8, 12);
    assertThat(after).hasValue(600);
    lane.end();
    lane.end();
    assertThat(after).hasValue(602);
  }

  @Test
  void without_a_database_each_task_tries_again_within_a_second() {
    UpkeepThreads.Lane lane =
        lane(throwing(new StoreUnavailable(new IllegalStateException("away"))));
    for (int tenths = 0; tenths < 600; tenths++) {
      lane.runDue();
      nanos.advance(Duration.ofMillis(100));
    }
    assertThat(failing.get()).isBetween(58, 64);
  }

  @Test
  void a_task_that_succeeds_again_runs_as_before() {
    AtomicInteger left = new AtomicInteger(5);
    UpkeepThreads.Lane lane =
        lane(
            () -> {
              if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("broken");
              }
            });
    for (int seconds = 0; seconds < 60; seconds++) {
      lane.runDue();
      nanos.advance(Duration.ofSeconds(1));
    }
    assertThat(failing.get()).isGreaterThan(45);
    assertThat(records.of("failing").failures()).isEqualTo(5);
    assertThat(records.of("failing").lastSuccess()).isPresent();
  }

  @Test
  void an_error_after_which_nothing_can_be_relied_on_is_passed_on() {
    UpkeepThreads.Lane lane = lane(throwing(new InternalError("broken")));
    assertThatThrownBy(lane::runDue).isInstanceOf(InternalError.class);
    assertThat(records.of("failing").failures()).isEqualTo(1);
  }

  @Test
  void a_thread_outlives_what_its_task_throws() throws InterruptedException {
    CountDownLatch again = new CountDownLatch(3);
    UpkeepThreads threads =
        UpkeepThreads.start(
            List.of(
                Upkeep.of(
                    "endless",
                    () -> {
                      again.countDown();
                      throw new AssertionError("broken");
                    })),
            records);
    assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(threads.stop(Duration.ofSeconds(30))).isTrue();
    assertThat(records.of("endless").failures()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void an_interrupt_does_not_shorten_the_wait_for_the_end() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    UpkeepThreads threads =
        UpkeepThreads.start(
            List.of(
                tenths("last", before::incrementAndGet)
                    .ending(
                        () -> {
                          await(interrupted);
                          ended.incrementAndGet();
                        })),
            records);
    List<Boolean> seen = new CopyOnWriteArrayList<>();
    Thread stopping =
        Thread.ofPlatform()
            .start(
                () -> {
                  seen.add(threads.stop(Duration.ofSeconds(30)));
                  seen.add(ended.get() == 1);
                  seen.add(Thread.currentThread().isInterrupted());
                });
    stopping.interrupt();
    boolean unused = stopping.join(Duration.ofMillis(200));
    stopping.interrupt();
    interrupted.countDown();
    assertThat(stopping.join(Duration.ofSeconds(30))).isTrue();
    assertThat(seen).containsExactly(true, true, true);
  }

  /** What a task has not stored when the node stops is lost. */
  @Test
  void a_final_action_is_tried_again_until_the_database_answers() {
    AtomicInteger left = new AtomicInteger(3);
    UpkeepThreads threads =
        UpkeepThreads.start(
            List.of(
                tenths("storing", before::incrementAndGet)
                    .ending(
                        () -> {
                          if (left.getAndDecrement() > 0) {
                            throw new StoreUnavailable(new IllegalStateException("away"));
                          }
                        }),
                tenths("other", before::incrementAndGet).ending(after::incrementAndGet)),
            records);

    assertThat(threads.stop(Duration.ofSeconds(30), Duration.ofSeconds(30))).isTrue();

    assertThat(left).hasValue(-1);
    assertThat(after).hasValue(1);
  }

  /** Two nodes that stop at the same time may store usage of the same services. */
  @Test
  void a_final_action_is_tried_again_after_a_conflict_with_another_node() {
    AtomicInteger left = new AtomicInteger(2);
    UpkeepThreads threads =
        UpkeepThreads.start(
            List.of(
                tenths("storing", before::incrementAndGet)
                    .ending(
                        () -> {
                          switch (left.getAndDecrement()) {
                            case 2 ->
                                throw new ConcurrencyConflict(
                                    ConcurrencyConflict.How.NOT_SERIALIZABLE,
                                    new IllegalStateException("a deadlock"));
                            case 1 -> throw new QueryTimeout(new IllegalStateException("slow"));
                            default -> after.incrementAndGet();
                          }
                        })),
            records);

    assertThat(threads.stop(Duration.ofSeconds(30), Duration.ofSeconds(30))).isTrue();

    assertThat(after).hasValue(1);
  }

  @Test
  void a_final_action_that_the_database_never_allows_has_not_ended() {
    UpkeepThreads threads =
        UpkeepThreads.start(
            List.of(
                tenths("storing", before::incrementAndGet)
                    .ending(throwing(new StoreUnavailable(new IllegalStateException("away"))))),
            records);

    assertThat(threads.stop(Duration.ofSeconds(30), Duration.ofMillis(300))).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean unused = latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_failure_is_logged_once_a_minute() {
    AtomicInteger lines = new AtomicInteger();
    Logger log =
        (Logger)
            Proxy.newProxyInstance(
                Logger.class.getClassLoader(),
                new Class<?>[] {Logger.class},
                (self, method, arguments) -> {
                  lines.incrementAndGet();
                  return null;
                });
    TaskGuard guard = new TaskGuard("failing", records, nanos, log);
    for (int tenths = 0; tenths < 1_800; tenths++) {
      boolean done = guard.run(throwing(new IllegalStateException("broken")));
      assertThat(done).isFalse();
      nanos.advance(Duration.ofMillis(100));
    }
    assertThat(records.of("failing").failures()).isEqualTo(1_800);
    assertThat(lines).hasValue(3);
  }
}
