package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.Users;
import io.claviger.application.identity.Identities;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import io.claviger.web.served.UseCaseStubs;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who takes which places while requests are answered slowly. */
class PlacesTest {
  private static final int WRITES_OF_A_USER = 24;
  private static final int PAGES_OF_A_USER = 4;

  /** Holds the operations on users and identities once it is closed, and counts those that wait. */
  private static final class Gate {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Semaphore arrived = new Semaphore(0);
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger within = new AtomicInteger();
    private volatile boolean closed;

    void pass() {
      if (!closed) {
        return;
      }
      int now = within.incrementAndGet();
      int unused = most.accumulateAndGet(now, Math::max);
      arrived.release();
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      within.decrementAndGet();
    }
  }

  private final Gate gate = new Gate();
  private Served served;

  @BeforeEach
  void start() {
    served =
        Served.start(
            s -> s,
            u ->
                UseCaseStubs.before(
                    UseCaseStubs.before(u, Users.class, gate::pass), Identities.class, gate::pass));
  }

  @AfterEach
  void stop() {
    gate.opened.countDown();
    served.close();
  }

  @Tag("thorough")
  @Test
  void service_accounts_count_with_who_is_responsible_and_reading_keeps_places()
      throws IOException, InterruptedException {
    Client alice = served.user("alice");
    Client bob = served.user("bob");
    served
        .root()
        .post("/v1/users", Map.of("handle", "robot", "kind", "service", "responsible", "alice"))
        .isStatus(201);
    String robot = token(alice, "robot");
    String own = token(alice, "alice");
    gate.closed = true;
    List<RawConnection> writes = new ArrayList<>();
    try {
      for (int i = 0; i < WRITES_OF_A_USER; i++) {
        writes.add(new RawConnection(served.port()).send(patch(i % 2 == 0 ? own : robot)));
      }
      gate.arrived.acquire(WRITES_OF_A_USER);
      token(bob, "bob");
      Client machine = served.holding(robot);
      machine
          .post("/v1/users/robot/tokens", Map.of("name", "one more"))
          .isProblem(429, "rate_limited");
      machine.get("/v1/users/robot/tokens").isStatus(200);
      alice.get("/v1/users/alice/tokens").isStatus(200);
    } finally {
      gate.opened.countDown();
      for (RawConnection write : writes) {
        write.close();
      }
    }
  }

  private FormBrowser signedIn(Client alice) {
    FormBrowser browser = FormBrowser.of(URI.create("http://127.0.0.1:" + served.port()));
    TestResponse signIn = browser.open("/console/sign-in");
    browser
        .submit(signIn, "/console/sign-in/token", Map.of("token", token(alice, "alice")))
        .isStatus(303);
    return browser;
  }

  @Test
  void few_pages_of_a_user_are_made_at_the_same_time() throws InterruptedException {
    Client alice = served.user("alice");
    FormBrowser browser = signedIn(alice);
    gate.closed = true;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<TestResponse>> pages = new ArrayList<>();
      for (int i = 0; i < 3 * PAGES_OF_A_USER; i++) {
        pages.add(CompletableFuture.supplyAsync(() -> browser.open("/console/account"), threads));
      }
      gate.arrived.acquire(PAGES_OF_A_USER);
      alice.get("/v1/users/alice/tokens").isStatus(200);
      gate.opened.countDown();
      pages.forEach(page -> page.join().isStatus(200));
      assertThat(gate.most).hasValue(PAGES_OF_A_USER);
    }
  }

  @Test
  void one_large_form_of_a_user_is_answered_at_a_time() throws InterruptedException {
    Client alice = served.user("alice");
    FormBrowser browser = signedIn(alice);
    TestResponse account = browser.open("/console/account").isStatus(200);
    Map<String, String> small =
        new HashMap<>(FormBrowser.hidden(account, "/console/account/sign-out"));
    Map<String, String> large = new HashMap<>(small);
    large.put("other", "x".repeat(100_000));
    gate.closed = true;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<TestResponse>> answers = new ArrayList<>();
      for (Map<String, String> form : List.of(large, large, large, small)) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> browser.submitOnly("/console/account/identity/unlink", form), threads));
      }
      gate.arrived.acquire(2);
      assertThat(gate.arrived.tryAcquire(500, TimeUnit.MILLISECONDS)).isFalse();
      gate.opened.countDown();
      answers.forEach(answer -> assertThat(answer.join().status()).isBetween(200, 499));
      assertThat(gate.most).hasValue(2);
    }
  }

  private static String patch(String token) {
    return "PATCH /v1/users/alice HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer "
        + token
        + "\r\nContent-Length: 2\r\n\r\n{}";
  }

  private static String token(Client manager, String user) {
    return manager
        .post("/v1/users/" + user + "/tokens", Map.of("name", "one"))
        .isStatus(201)
        .text("/token");
  }
}
