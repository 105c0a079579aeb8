package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryGatewayClient;
import io.claviger.application.gateway.port.GatewayClient.GatewayRequest;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/llm-services/{owner}/{handle}/_try}. */
@Tag("slow")
class TestCallsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String TRY = SERVICE + "/_try";
  private static final String HOUSE = "/v1/llm-services/_system/house/_try";
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);
  @AutoClose private final Served served = Served.start();
  private final InMemoryGatewayClient gateway = served.ports().gateway();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @BeforeEach
  void start() {
    alice.put(SERVICE, Map.of("provider", "openai", "model", "gpt-new")).isStatus(201);
    served
        .root()
        .put("/v1/llm-services/_system/house", Map.of("provider", "openai", "model", "gpt-new"))
        .isStatus(201);
  }

  private GatewayRequest asked() {
    assertThat(gateway.asked()).hasSize(1);
    return gateway.asked().getFirst();
  }

  @Test
  void the_answer_comes_with_its_receipt() {
    TestResponse tried = alice.post(TRY).isStatus(200);

    assertThat(tried.text("/status")).isEqualTo("ok");
    assertThat(tried.text("/text")).isEqualTo("Hello to you!");
    assertThat(tried.text("/model")).isEqualTo("gpt-new");
    assertThat(tried.at("/http_status").intValue()).isEqualTo(200);
    assertThat(tried.at("/input_tokens").intValue()).isEqualTo(14);
    assertThat(tried.at("/output_tokens").intValue()).isEqualTo(7);
    assertThat(tried.text("/key_source")).isEqualTo("central");
    assertThat(tried.text("/request_id")).isEqualTo("r-1");
    assertThat(tried.text("/provider_request_id")).isEqualTo("p-1");
    assertThat(tried.at("/cost").isNull()).isTrue();
    assertThat(asked().service()).hasToString("alice/x");
    assertThat(asked().mostTokens()).isEqualTo(16);
    assertThat(asked().embeds()).isFalse();
  }

  @Test
  void the_token_of_the_call_works_for_the_service_alone_and_is_gone_afterwards() {
    gateway.answers(
        question -> {
          TestResponse tokens = alice.get("/v1/users/alice/tokens");
          assertThat(tokens.body()).contains("Test call", "\"service\":\"alice/x\"");
          TestResponse me = served.holding(question.token().reveal()).get("/v1/me").isStatus(200);
          assertThat(me.text("/token/scope")).isEqualTo("use");
          Instant end = Instant.parse(me.text("/token/expires_at"));
          assertThat(end).isBefore(Instant.now().plus(Duration.ofMinutes(3)));
          return InMemoryGatewayClient.said("hi");
        });
    assertThat(alice.post(TRY).isStatus(200).text("/text")).isEqualTo("hi");

    served.holding(asked().token().reveal()).get("/v1/me").isStatus(401);
    assertThat(alice.get("/v1/users/alice/tokens").body()).doesNotContain("Test call");
    assertThat(served.root().get("/v1/audit-events?actor=alice").body())
        .contains("token.create", "token.delete");
  }

  @Test
  void a_call_that_fails_in_the_server_leaves_no_token() {
    gateway.answers(
        question -> {
          throw new IllegalStateException("a fault");
        });

    alice.post(TRY).isStatus(500);

    served.holding(asked().token().reveal()).get("/v1/me").isStatus(401);
    gateway.answers(question -> InMemoryGatewayClient.said("hi"));
    alice.post(TRY).isStatus(200);
  }

  @Test
  void another_model_can_be_asked_for() {
    alice.post(TRY, Map.of("model", "gpt-new-mini")).isStatus(200);

    assertThat(asked().model().value()).isEqualTo("gpt-new-mini");
    alice.post(TRY, Map.of("model", "a\nb")).isStatus(422);
    alice.post(TRY, Map.of("modell", "a")).isStatus(422);
  }

  @Test
  void a_service_with_dimensions_is_asked_for_an_embedding() {
    alice
        .put("/v1/llm-services/alice/e", Map.of("definition", "_system/openai-large"))
        .isStatus(201);

    alice.post("/v1/llm-services/alice/e/_try").isStatus(200);

    assertThat(asked().embeds()).isTrue();
  }

  @Test
  void the_cost_is_what_the_service_is_charged() {
    alice
        .put(
            SERVICE + "/prices?model=gpt-new",
            Map.of("valid_from", "2020-01-01", "input", "1.5", "output", "6"))
        .isStatus(201);

    assertThat(alice.post(TRY).isStatus(200).text("/cost")).isEqualTo("0.000063");
  }

  @Test
  void what_the_gateway_refuses_is_told_with_its_code() {
    gateway.answers(
        question -> InMemoryGatewayClient.refused(402, "budget_exhausted", "It is used up."));

    TestResponse tried = alice.post(TRY).isStatus(200);

    assertThat(tried.text("/status")).isEqualTo("refused");
    assertThat(tried.text("/error")).isEqualTo("budget_exhausted");
    assertThat(tried.text("/text")).isEqualTo("It is used up.");
    assertThat(tried.at("/cost").isNull()).isTrue();
  }

  @Test
  void who_does_not_see_the_service_or_holds_a_token_of_scope_use_makes_no_call() {
    bob.post(TRY).isStatus(404);
    String use =
        alice
            .post("/v1/users/alice/tokens", Map.of("name", "program", "scope", "use"))
            .isStatus(201)
            .text("/token");
    served.holding(use).post(TRY).isStatus(403);
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void the_token_of_the_call_ends_no_later_than_the_callers_own() {
    String soon = Instant.now().plusSeconds(60).toString();
    String own =
        alice
            .post("/v1/users/alice/tokens", Map.of("name", "brief", "expires_at", soon))
            .isStatus(201)
            .text("/token");

    served.holding(own).post(TRY).isStatus(200);
  }

  @Test
  void one_user_makes_one_call_at_a_time() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    answerLate(asked, answered);
    CompletableFuture<TestResponse> first =
        CompletableFuture.supplyAsync(() -> alice.post(TRY), Thread::startVirtualThread);
    asked.await();

    TestResponse second = alice.post(TRY).isStatus(429);
    answered.countDown();

    assertThat(second.header("Retry-After")).isEqualTo("1");
    assertThat(first.join().isStatus(200).text("/text")).isEqualTo("late");
    alice.post(TRY).isStatus(200);
  }

  @Test
  void a_node_makes_sixteen_calls_at_a_time() throws Exception {
    CountDownLatch asked = new CountDownLatch(16);
    CountDownLatch answered = new CountDownLatch(1);
    answerLate(asked, answered);
    List<CompletableFuture<TestResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Client user = served.user("user" + i);
      calls.add(CompletableFuture.supplyAsync(() -> user.post(HOUSE), THREADS));
    }
    asked.await();

    alice.post(HOUSE).isStatus(429);
    answered.countDown();

    assertThat(calls).allSatisfy(call -> call.join().isStatus(200));
    alice.post(HOUSE).isStatus(200);
  }

  /**
   * Each call counts down the first latch, and is answered when the second latch has been counted
   * down.
   */
  private void answerLate(CountDownLatch asked, CountDownLatch answered) {
    gateway.answers(
        question -> {
          asked.countDown();
          await(answered);
          return InMemoryGatewayClient.said("late");
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
