package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.LeasedCapacityTurns;
import io.claviger.application.fakes.InMemoryCapacityExchange;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls on one node that takes its turns as nodes do, against a provider on a socket. */
class LeasedTurnsTest {
  private static final long MOST_HELD_BYTES = 2L << 20;

  private final InMemoryCapacityExchange exchange =
      new InMemoryCapacityExchange(() -> System.nanoTime() / 1_000_000);
  private final LeasedCapacityTurns turns =
      new LeasedCapacityTurns(exchange, System::nanoTime, MOST_HELD_BYTES);
  private final Rig rig = new Rig(settings -> settings.withTurns(turns));
  private final Thread upkeep = new Thread(this::exchange);

  @BeforeEach
  void begin() {
    upkeep.start();
  }

  @AfterEach
  void close() throws InterruptedException {
    upkeep.interrupt();
    upkeep.join();
    rig.close();
  }

  private void exchange() {
    while (!Thread.currentThread().isInterrupted()) {
      turns.exchange(Duration.ofMillis(10));
      turns.endWaits();
    }
  }

  private void lend(ProviderLimits stated) {
    exchange.state(CapacityKey.ofService(new UUID(0, 2)), stated);
    rig.lend(rig.at(WireFormat.OPENAI).takingTurns(true, stated));
  }

  private static ProviderLimits atATime(int calls) {
    return new ProviderLimits(PaceLimits.NONE, OptionalInt.of(calls));
  }

  private static ProviderLimits perMinute(PaceLimit limit, long amount) {
    return new ProviderLimits(new PaceLimits(Map.of(limit, amount)), OptionalInt.empty());
  }

  @Test
  void a_call_waits_until_an_earlier_one_has_ended() {
    lend(atATime(1));
    CompletableFuture<TestResponse> first =
        rig.postAsync("embeddings", Rig.embedding("stub-slow-first-byte-400"));
    rig.stub.awaitRequests(1, Rig.PATIENCE);
    TestResponse second = rig.post("embeddings", Rig.embedding("m"));

    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
    assertThat(Integer.parseInt(second.values("x-claviger-waited").get(0))).isGreaterThan(100);
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void a_call_that_needs_more_than_the_minute_has_is_refused() {
    lend(perMinute(PaceLimit.TOKENS_PER_MINUTE, 50));
    String asking = "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1000}";

    assertThat(rig.post("chat/completions", asking).values("x-claviger-error"))
        .containsExactly("request_exceeds_capacity");
  }

  @Test
  void of_forty_callers_who_wait_and_leave_none_stays() {
    lend(perMinute(PaceLimit.REQUESTS_PER_MINUTE, 1));
    List<RawCaller> callers = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      callers.add(new RawCaller(rig).chat(Rig.chat("m")));
    }
    Rig.await(() -> turns.waiting() >= 39);
    callers.forEach(RawCaller::close);

    Rig.await(() -> turns.waiting() == 0);
    assertThat(rig.stub.requests().size()).isLessThanOrEqualTo(1);
  }

  @Test
  void bodies_of_waiting_calls_take_no_more_than_their_part_of_the_heap() {
    String body = Rig.embedding("m").replace("hello", "x".repeat(60 << 10));
    long fit = MOST_HELD_BYTES / 2 / body.length();
    List<CompletableFuture<TestResponse>> answers = new ArrayList<>();
    for (long owner = 1; owner <= 2; owner++) {
      answers.addAll(begin(owner, 30, body));
    }
    Rig.await(() -> done(answers).size() == 60 - 2 * fit);
    assertThat(turns.waiting()).isEqualTo(2 * fit);

    answers.addAll(begin(3, 5, body));
    Rig.await(() -> done(answers).size() >= 60 - 2 * fit + 4);
    assertThat(turns.waiting() * (long) body.length()).isPositive().isLessThan(MOST_HELD_BYTES);
    List<TestResponse> refused =
        done(answers).stream().filter(answer -> answer.status() != 200).toList();
    assertThat(refused).hasSizeGreaterThan(20);
    for (TestResponse answer : refused) {
      assertThat(answer.values("x-claviger-error")).containsExactly("capacity_exhausted");
      assertThat(answer.values("retry-after")).hasSize(1);
    }
  }

  private static List<TestResponse> done(List<CompletableFuture<TestResponse>> answers) {
    return answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).toList();
  }

  private List<CompletableFuture<TestResponse>> begin(long owner, int calls, String body) {
    UUID id = new UUID(owner, 2);
    ProviderLimits one = perMinute(PaceLimit.REQUESTS_PER_MINUTE, 1);
    exchange.state(CapacityKey.ofService(id), one);
    rig.authorizer.grant("clv_of_" + owner, rig.at(WireFormat.OPENAI).takingTurnsOf(id, one));
    TestClient caller = TestClient.of(URI.create(rig.origin())).withToken("clv_of_" + owner);
    return Stream.generate(
            () -> caller.sendAsync("POST", Rig.path("embeddings"), BodyPublishers.ofString(body)))
        .limit(calls)
        .toList();
  }

  @Tag("slow")
  @Test
  void a_provider_that_refuses_for_ever_is_asked_three_times() {
    lend(ProviderLimits.NONE);
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-status-429-retry-after-1"));

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(rig.stub.requests()).hasSize(3);
    assertThat(rig.events.refusedAttempts()).hasSize(2);
    assertThat(turns.waiting()).isZero();
  }
}
