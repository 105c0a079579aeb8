package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.keys.port.OutsideKeyFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class Pkcs11CallsTest {
  private static final int CALLERS = 16;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final Pkcs11Calls calls = new Pkcs11Calls();

  @Test
  void calls_run_on_platform_threads_a_few_at_a_time() throws Exception {
    CyclicBarrier together = new CyclicBarrier(Pkcs11Calls.MOST);
    AtomicInteger running = new AtomicInteger();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        all.add(
            callers.submit(
                () ->
                    calls.call(
                        LONG,
                        () -> {
                          seen.add(running.incrementAndGet());
                          await(together);
                          int unused = running.decrementAndGet();
                          return Thread.currentThread().isVirtual();
                        },
                        late -> {})));
      }
      for (Future<Boolean> each : all) {
        assertThat(each.get()).isFalse();
      }
    }
    assertThat(seen).doesNotContain(0).allMatch(count -> count <= Pkcs11Calls.MOST);
  }

  @Test
  void a_call_that_hangs_keeps_its_place_until_it_ends() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    List<String> discarded = new ArrayList<>();
    AtomicInteger begun = new AtomicInteger();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        all.add(callers.submit(() -> hanging(hangs, begun, discarded)));
      }
      for (Future<String> each : all) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(each::get)
            .withCauseInstanceOf(OutsideKeyFailure.class)
            .withMessageContaining("the PKCS#11 token does not answer");
      }
    }
    assertThat(begun).hasValue(Pkcs11Calls.MOST);
    long asked = System.nanoTime();
    assertAway(() -> calls.call(LONG, () -> "", late -> {}), "4 calls hang");
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));

    hangs.countDown();
    String answer = "";
    while (answer.isEmpty()) {
      try {
        answer = calls.call(LONG, () -> "answer", late -> {});
      } catch (OutsideKeyFailure e) {
        Thread.onSpinWait(); // wait until the threads have ended
      }
    }
    for (int i = 0; i < CALLERS; i++) {
      assertThat(calls.call(LONG, () -> "answer", late -> {})).isEqualTo("answer");
    }
    synchronized (discarded) {
      assertThat(discarded).isNotEmpty().containsOnly("late");
    }
  }

  private String hanging(CountDownLatch hangs, AtomicInteger begun, List<String> discarded) {
    return calls.call(
        SHORT,
        () -> {
          int unused = begun.incrementAndGet();
          try {
            hangs.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return "late";
        },
        late -> {
          synchronized (discarded) {
            discarded.add(late);
          }
        });
  }

  @Test
  void a_failure_of_the_call_is_thrown_and_frees_its_place() {
    for (int i = 0; i < CALLERS; i++) {
      assertAway(
          () ->
              calls.call(
                  LONG,
                  () -> {
                    throw OutsideKeyFailure.away("unplugged");
                  },
                  late -> {}),
          "unplugged");
    }
  }

  @Test
  void an_interrupted_caller_stops_waiting() {
    CountDownLatch hangs = new CountDownLatch(1);
    for (int i = 0; i < CALLERS; i++) {
      Thread.currentThread().interrupt();
      assertAway(
          () -> hanging(hangs, new AtomicInteger(), new ArrayList<>()),
          "the wait for the PKCS#11 token was interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(calls.call(LONG, () -> "answer", late -> {})).isEqualTo("answer");
    hangs.countDown();
  }

  private static void assertAway(ThrowingCallable call, String why) {
    assertThatExceptionOfType(OutsideKeyFailure.class)
        .isThrownBy(call)
        .withMessageContaining(why)
        .matches(OutsideKeyFailure::isAway);
  }

  private static void await(CyclicBarrier others) {
    try {
      int unused = others.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
