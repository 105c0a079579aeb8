package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainingTest {
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @Test
  void a_request_under_way_finishes_while_the_server_is_not_ready_any_more() throws Exception {
    try (Served served = Served.start(this::scrapeSlowly)) {
      Client anyone = served.nobody();
      CompletableFuture<TestResponse> slow =
          CompletableFuture.supplyAsync(() -> anyone.get("/metrics"), Thread::startVirtualThread);
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Boolean> drained =
          CompletableFuture.supplyAsync(
              () -> drain(served, Duration.ofSeconds(30)), Thread::startVirtualThread);
      TestResponse ready = anyone.get("/health/ready");
      while (ready.status() == 200) {
        ready = anyone.get("/health/ready");
      }
      assertThat(ready.status()).isEqualTo(503);
      assertThat(drained).isNotDone();
      mayGoOn.countDown();
      assertThat(slow.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void waiting_ends_when_the_time_is_over() throws Exception {
    try (Served served = Served.start(this::scrapeSlowly)) {
      CompletableFuture<TestResponse> slow =
          CompletableFuture.supplyAsync(
              () -> served.nobody().get("/metrics"), Thread::startVirtualThread);
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(drain(served, Duration.ofMillis(1))).isFalse();
      mayGoOn.countDown();
      assertThat(slow.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    }
  }

  @Test
  void while_draining_every_answer_ends_its_connection() throws IOException {
    try (Served served = Served.start()) {
      assertThat(drain(served, Duration.ofSeconds(30))).isTrue();
      try (RawConnection connection = new RawConnection(served.port())) {
        String all = connection.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n").all();
        assertThat(all).contains("Connection: close");
      }
    }
  }

  @Test
  void while_leaving_requests_are_served_and_the_server_is_not_ready() throws IOException {
    try (Served served = Served.start()) {
      served.server().leave();
      assertThat(served.nobody().get("/health/ready").status()).isEqualTo(503);
      for (int i = 0; i < 3; i++) {
        try (RawConnection connection = new RawConnection(served.port())) {
          String all = connection.send("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n").all();
          assertThat(all).startsWith("HTTP/1.1 200 OK").contains("Connection: close");
        }
      }
    }
  }

  private static boolean drain(Served served, Duration atMost) {
    try {
      return served.server().drain(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String scrapeSlowly() {
    arrived.countDown();
    try {
      mayGoOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "up 1\n";
  }
}
