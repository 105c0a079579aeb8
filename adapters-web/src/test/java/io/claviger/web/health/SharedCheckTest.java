package io.claviger.web.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.health.Readiness;
import io.claviger.web.health.HealthRoutes.SharedCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedCheckTest {
  @Test
  void many_who_ask_during_a_check_share_the_next_one() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger checks = new AtomicInteger();
    Readiness readiness =
        new SharedCheck(
            () -> {
              begun.countDown();
              await(go);
              return List.of(new Readiness.ReadinessCheck("n" + checks.incrementAndGet(), true));
            });
    List<Thread> asking = new ArrayList<>();
    asking.add(Thread.ofVirtual().start(readiness::checks));
    await(begun);
    for (int i = 0; i < 100; i++) {
      asking.add(Thread.ofPlatform().start(readiness::checks));
    }
    for (Thread thread : asking.subList(1, asking.size())) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    go.countDown();
    for (Thread thread : asking) {
      thread.join();
    }
    assertThat(checks).hasValue(2);
  }

  @Test
  void who_asks_later_gets_another_check() {
    AtomicInteger checks = new AtomicInteger();
    Readiness readiness =
        new SharedCheck(
            () -> List.of(new Readiness.ReadinessCheck("n" + checks.incrementAndGet(), true)));
    assertThat(readiness.checks()).isNotEqualTo(readiness.checks());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
