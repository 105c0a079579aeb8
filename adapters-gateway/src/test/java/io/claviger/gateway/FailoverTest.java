package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.credentials.CredentialFailure;
import io.claviger.application.credentials.CredentialFailure.Reason;
import io.claviger.application.credentials.TokenSource.Answer;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.Behaviour;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model with several targets: tests after which faults a call goes to the next target, and how
 * many targets get the call.
 */
class FailoverTest {
  private static final String FIRST = "alice/first";
  private static final String SECOND = "alice/second";
  private static final String HEALTHY = "parrot-small";

  private final Rig rig = new Rig();
  private final StubProvider second = StubProvider.start();
  private final Map<String, AuthorizationOutcome.Refused> refused = new ConcurrentHashMap<>();
  private final Map<String, TestService> services = new ConcurrentHashMap<>();

  @BeforeEach
  void lend() {
    services.put(FIRST, at(rig.stub));
    services.put(SECOND, at(second));
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          Instance.Ref ref = ((CallTarget.Service) call.callTarget()).ref();
          AuthorizationOutcome.Refused no = refused.get(ref.toString());
          return no != null
              ? no
              : new AuthorizationOutcome.Authorized(
                  services.get(ref.toString()).authorized(ref.toString()));
        });
  }

  @AfterEach
  void close() {
    rig.close();
    second.close();
  }

  /** A service at which nothing listens. */
  private static TestService nowhere() {
    try (LoopbackServer closed = new LoopbackServer(socket -> {})) {
      return TestService.at("http://127.0.0.1:" + closed.port(), WireFormat.OPENAI);
    }
  }

  private static TestService at(StubProvider stub) {
    return TestService.at(stub.baseUrl() + "/v1", WireFormat.OPENAI);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stub-unauthorized",
        "stub-status-402",
        "stub-status-429",
        "stub-status-429-retry-after-7",
        "stub-status-503",
        "stub-status-529"
      })
  void an_answer_that_says_that_nothing_was_done_moves_the_call_on(String fault) {
    TestResponse answer = callFirst(fault);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("x-claviger-service")).containsExactly(SECOND);
    assertThat(answer.values("x-claviger-model")).containsExactly(HEALTHY);
    assertThat(answer.values("x-claviger-attempts")).containsExactly("2");
    assertSeen(1, 1);
    assertThat(second.requests().get(0).text()).isEqualTo(Rig.embedding(HEALTHY));
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().account().ref())
        .isEqualTo(Instance.Ref.of(SECOND));
    assertThat(rig.authorizer.handedOut()).hasSize(2);
    assertThat(rig.events.rejectedKeys())
        .isEqualTo(fault.equals("stub-unauthorized") ? List.of(401) : List.of());
    assertThat(rig.events.acceptedKeys()).isEqualTo(1);
  }

  /** AWS rejects keys with status 403, which it also sends for what only this caller may not do. */
  @ParameterizedTest
  @CsvSource({"stub-aws-key-expired, 2", "stub-status-403, 1"})
  void a_key_that_aws_rejects_moves_the_call_on(String fault, int attempts) {
    services.put(FIRST, TestService.at(rig.stub.baseUrl(), WireFormat.BEDROCK));
    services.put(SECOND, TestService.at(second.baseUrl(), WireFormat.BEDROCK));
    lead(fault);
    rig.stub.respondNextWith(Behaviour.named(fault));
    TestResponse answer =
        rig.client()
            .send(
                "POST",
                "/gateway/bedrock/model/fast/converse",
                BodyPublishers.ofString(
                    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}"));

    assertThat(answer.status()).isEqualTo(attempts == 2 ? 200 : 403);
    assertSeen(1, attempts - 1);
    assertThat(rig.events.rejectedKeys()).isEqualTo(attempts == 2 ? List.of(403) : List.of());
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"REFUSED", "UNAVAILABLE", "NOT_ALLOWED"})
  void a_target_that_has_no_token_for_the_call_moves_it_on(Reason reason) {
    services.put(
        FIRST,
        at(rig.stub)
            .minting(
                waiter ->
                    new Answer.Failed(
                        new CredentialFailure(
                            reason, "token", "no", Duration.ofSeconds(1), List.of()))));
    TestResponse answer = callFirst(HEALTHY);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("x-claviger-service")).containsExactly(SECOND);
    assertSeen(0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "stub-status-500, 500",
    "stub-status-502, 502",
    "stub-status-504, 504",
    "stub-status-400, 400",
    "stub-status-404, 404",
    "stub-reset, 502",
    "stub-half-header, 502",
    "stub-redirect, 403",
    "stub-gzip, 502"
  })
  void a_call_that_may_have_been_done_reaches_no_other_target(String fault, int status) {
    TestResponse answer = callFirst(fault);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("x-claviger-service")).containsExactly(FIRST);
    assertThat(answer.values("x-claviger-attempts")).isEmpty();
    assertSeen(1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-lying-length", "stub-reset-mid-stream", "stub-close-mid-stream"})
  void half_an_answer_reaches_no_other_target(String fault) {
    lead(fault);
    try (RawCaller caller = new RawCaller(rig)) {
      String body = Rig.chat("fast");
      String got =
          caller
              .send(
                  "POST /gateway/openai/v1/chat/completions HTTP/1.1\r\nContent-Length: "
                      + body.length()
                      + "\r\nAuthorization: Bearer "
                      + Rig.TOKEN
                      + "\r\n\r\n"
                      + body)
              .untilClosed();

      assertThat(got).startsWith("HTTP/1.1 200 OK").doesNotContain("\r\n0\r\n\r\n");
    }
    assertSeen(1, 0);
  }

  @Test
  void silence_reaches_no_other_target() {
    services.put(FIRST, at(rig.stub).timeout(150));

    TestResponse answer = callFirst("stub-slow-first-byte-60000");

    assertThat(answer.status()).isEqualTo(504);
    assertSeen(1, 0);
  }

  @Test
  void a_target_that_refuses_connections_moves_the_call_on() {
    services.put(FIRST, nowhere());

    assertThat(callFirst(HEALTHY).values("x-claviger-service")).containsExactly(SECOND);
    assertSeen(0, 1);
  }

  @Test
  void an_endpoint_to_which_the_gateway_does_not_connect_moves_nothing_on() {
    services.put(FIRST, at(rig.stub).ofUser());

    assertThat(callFirst(HEALTHY).values("x-claviger-error"))
        .containsExactly("destination_not_allowed");
    assertSeen(0, 0);
  }

  @Test
  void a_target_without_tls_moves_the_call_on() {
    services.put(
        FIRST, TestService.at(rig.stub.baseUrl().replace("http:", "https:"), WireFormat.OPENAI));

    assertThat(callFirst(HEALTHY).values("x-claviger-service")).containsExactly(SECOND);
    assertSeen(0, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\":{\"code\":\"insufficient_quota\"}} | 1",
        "{\"error\":{\"code\":null,\"message\":\"no\",\"type\":\"Insufficient_Quota\"}} | 1",
        "{\"object\":\"error\",\"message\":\"no\",\"type\":\"insufficient_balance\"} | 1",
        "{\"error\":{\"code\":\"project_spend_limit_exceeded\"}} | 1",
        "{\"error\":{\"code\":\"credit_balance_exhausted\"}} | 1",
        "{\"error\":{\"message\":\"max_tokens is too large\"}} | 0",
        "{\"error\":{\"message\":\"Your credit balance is too low to access the API.\"}} | 0",
        "{\"error\":{\"message\":\"service_tier: insufficient_quota is"
            + " none\",\"code\":\"invalid_value\"}} | 0",
        "{\"error\":{\"message\":\"{\\\"error\\\":{\\\"code\\\":\\\"insufficient_quota\\\"}}\"}} |"
            + " 0",
        "{\"error\":{\"param\":\"insufficient_quota\",\"input\":{\"code\":\"insufficient_quota\"}}}"
            + " | 0",
        "{\"detail\":[{\"input\":\"insufficient_quota\",\"type\":\"insufficient_quota\"}]} | 0",
        "{\"service_tier\":\"insufficient_quota\",\"type\":\"insufficient_quota\"} | 0",
        "{\"error\":{\"code\":\"x\",\"code\":\"insufficient_quota\"}} | 0",
        "[{\"error\":{\"code\":\"insufficient_quota\"}}] | 0",
        "{\"error\":{\"code\":\"insufficient_quota\"} | 0",
        "insufficient_quota | 0"
      })
  void only_a_code_of_a_400_says_that_credit_is_exhausted(String body, int moves) {
    try (RawProvider poor =
        new RawProvider(
            "HTTP/1.1 400 Bad Request\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
            false)) {
      services.put(FIRST, TestService.at("http://127.0.0.1:" + poor.port(), WireFormat.OPENAI));

      TestResponse answer = callFirst(HEALTHY);

      assertThat(answer.status()).isEqualTo(moves == 1 ? 200 : 400);
      assertSeen(0, moves);
      if (moves == 0) {
        assertThat(answer.body()).isEqualTo(body);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"insufficient_quota, 200", "invalid_value, 400"})
  void a_400_that_does_not_end_is_decided_by_what_has_arrived(String code, int status) {
    String error = "{\"error\":{\"code\":\"" + code + "\"}}";
    String answer =
        "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(error.length())
            + "\r\n"
            + error
            + "\r\n";
    try (RawProvider endless = new RawProvider(answer, false);
        RawCaller caller = new RawCaller(rig)) {
      services.put(
          FIRST,
          TestService.at("http://127.0.0.1:" + endless.port(), WireFormat.OPENAI).timeout(600_000));
      lead(HEALTHY);
      String body = Rig.embedding("fast");

      String got =
          caller
              .send(
                  "POST /gateway/openai/v1/embeddings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + Rig.TOKEN
                      + "\r\n"
                      + RawCaller.content("application/json", body))
              .until("}");

      assertThat(got).startsWith("HTTP/1.1 " + status + " ");
      assertSeen(0, status == 200 ? 1 : 0);
    }
  }

  @Test
  void what_a_caller_writes_makes_no_target_rest() {
    String body =
        "{\"error\":{\"message\":\"Invalid service_tier:"
            + " 'insufficient_quota'\",\"code\":\"invalid_value\"}}";
    try (RawProvider cheap =
        new RawProvider(
            "HTTP/1.1 400 Bad Request\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
            false)) {
      services.put(FIRST, TestService.at("http://127.0.0.1:" + cheap.port(), WireFormat.OPENAI));
      callFirst(HEALTHY);

      assertThat(call().values("x-claviger-service")).containsExactly(FIRST);
      assertSeen(0, 0);
    }
  }

  @Test
  void when_all_targets_fail_the_last_answer_passes_as_it_is() {
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-429"),
        TestRouting.target(SECOND, "stub-status-503-retry-after-7"));

    TestResponse answer = call();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.values("retry-after")).containsExactly("7");
    assertThat(answer.values("x-claviger-service")).containsExactly(SECOND);
    assertThat(answer.values("x-claviger-attempts")).containsExactly("2");
    assertThat(answer.body()).contains("stub");
    assertSeen(1, 1);
  }

  @Test
  void a_rejected_key_at_the_last_target_is_told_as_one() {
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-503"),
        TestRouting.target(SECOND, "stub-unauthorized"));

    TestResponse answer = call();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_rejected_key");
  }

  @Test
  void no_more_than_three_targets_are_tried() {
    services.put("alice/third", at(rig.stub));
    services.put("alice/fourth", at(second));
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-503"),
        TestRouting.target(SECOND, "stub-status-503"),
        TestRouting.target("alice/third", "stub-status-503"),
        TestRouting.target("alice/fourth", HEALTHY));

    TestResponse answer = call();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.values("x-claviger-attempts")).containsExactly("3");
    assertSeen(2, 1);
  }

  @Test
  void without_on_failure_no_other_target_is_tried() {
    rig.routing.lead("fast", FIRST, "stub-status-429");

    assertThat(call().status()).isEqualTo(429);
    assertSeen(1, 0);
  }

  @ParameterizedTest
  @CsvSource({"USER, CENTRAL", "CENTRAL, USER"})
  void a_call_never_moves_to_a_key_that_another_pays_for(KeySource payer, KeySource other) {
    services.put(FIRST, at(rig.stub).from(payer));
    services.put(SECOND, at(second).from(other));

    TestResponse answer = callFirst("stub-status-429-retry-after-7");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("retry-after")).containsExactly("7");
    assertThat(answer.values("x-claviger-service")).containsExactly(FIRST);
    assertThat(answer.values("x-claviger-key-source")).containsExactly(payer.wireName());
    assertSeen(1, 0);
    rig.authorizer.handedOut().forEach(call -> assertThat(call.key()).isPresent());
  }

  @Test
  void a_target_that_is_refused_behind_a_failed_one_leaves_the_failed_answer() {
    refused.put(
        SECOND,
        new AuthorizationOutcome.Refused(
            CallRefusal.DISABLED, Optional.of(new KnownService(SECOND, WireFormat.OPENAI))));

    TestResponse answer = callFirst("stub-status-429");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("x-claviger-service")).containsExactly(FIRST);
    assertSeen(1, 0);
  }

  @Test
  void a_target_that_can_not_be_sent_the_request_leaves_the_answer_of_the_failed_one() {
    services.put(SECOND, at(second).placed(KeyMethod.BODY_FORM, "key"));

    TestResponse answer = callFirst("stub-status-429-retry-after-7");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("retry-after")).containsExactly("7");
    assertThat(answer.values("x-claviger-service")).containsExactly(FIRST);
    assertThat(answer.values("x-claviger-model")).containsExactly("stub-status-429-retry-after-7");
    assertThat(answer.values("x-claviger-attempts")).isEmpty();
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().account().ref())
        .isEqualTo(Instance.Ref.of(FIRST));
    assertSeen(1, 0);
  }

  @Test
  void a_target_that_can_not_open_a_session_leaves_the_fault_of_the_failed_one() {
    services.put(FIRST, nowhere());
    services.put(SECOND, at(second).placed(KeyMethod.BODY_FORM, "key"));
    lead("gpt-realtime");

    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  "GET /v1/realtime?model=fast HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + Rig.TOKEN
                      + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                      + "Sec-WebSocket-Version: 13\r\n\r\n")
              .until("\r\n\r\n");
      assertThat(answer)
          .startsWith("HTTP/1.1 502 ")
          .contains("X-Claviger-Error: provider_unreachable\r\n");
    }
  }

  @Test
  void the_first_target_tells_why_it_can_not_be_sent_the_request() {
    services.put(FIRST, at(rig.stub).placed(KeyMethod.BODY_FORM, "key"));

    TestResponse answer = callFirst(HEALTHY);

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.values("x-claviger-error")).containsExactly("body_not_a_form");
    assertThat(answer.values("x-claviger-service")).containsExactly(FIRST);
    assertSeen(0, 0);
  }

  @Test
  void a_refusal_behind_a_failed_target_leaves_further_targets_untried() {
    services.put("alice/third", at(second));
    refused.put(
        SECOND,
        new AuthorizationOutcome.Refused(
            CallRefusal.BUDGET_EXHAUSTED,
            Optional.of(new KnownService(SECOND, WireFormat.OPENAI))));
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-429"),
        TestRouting.target(SECOND, HEALTHY),
        TestRouting.target("alice/third", HEALTHY));

    assertThat(call().status()).isEqualTo(429);

    assertSeen(1, 0);
    assertThat(rig.authorizer.calls()).hasSize(2);
  }

  @Test
  void a_refusal_is_no_failure_of_a_target() {
    refused.put(
        FIRST,
        new AuthorizationOutcome.Refused(
            CallRefusal.MODEL_NOT_ALLOWED,
            Optional.of(new KnownService(FIRST, WireFormat.OPENAI))));

    TestResponse answer = callFirst(HEALTHY);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertSeen(0, 0);
  }

  @Test
  void a_target_that_failed_rests_and_the_next_call_goes_past_it() {
    callFirst("stub-status-429-retry-after-60");
    TestResponse answer = call();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("x-claviger-attempts")).isEmpty();
    assertThat(answer.values("x-claviger-service")).containsExactly(SECOND);
    assertSeen(1, 2);
  }

  @Test
  void what_one_caller_met_leads_others_past_a_target_only_once_another_has_met_it() {
    callFirst("stub-status-429-retry-after-60");

    for (String caller : List.of("second", "third")) {
      rig.routing.answer("fast", ledTo(caller));
      assertThat(call().values("x-claviger-service")).containsExactly(SECOND);
    }
    assertSeen(2, 3);
  }

  @Test
  void what_a_person_and_their_service_account_met_leads_others_past_no_target() {
    services.put(FIRST, at(rig.stub).takingTurns(false));
    callFirst("stub-status-429-retry-after-60");

    for (String caller : List.of("robot", "third")) {
      rig.routing.answer("fast", ledTo(caller));
      assertThat(call().values("x-claviger-service")).containsExactly(SECOND);
    }
    assertSeen(3, 3);
  }

  private static RoutingDecision ledTo(String caller) {
    return new RoutingDecision.Routed(
        new Handle(caller),
        List.of(
            TestRouting.target(FIRST, "stub-status-429-retry-after-60"),
            TestRouting.target(SECOND, HEALTHY)),
        true,
        true);
  }

  @Test
  void a_target_rests_even_where_memory_has_to_be_filled_again() {
    callFirst("stub-status-429-retry-after-60");
    rig.authorizer.forget();

    assertThat(call().values("x-claviger-service")).containsExactly(SECOND);
    assertSeen(1, 2);
  }

  @Test
  void a_key_that_was_replaced_does_not_rest() {
    callFirst("stub-unauthorized");
    services.put(FIRST, at(rig.stub).keySetAt(Instant.EPOCH));
    rig.authorizer.forget();

    assertThat(call().values("x-claviger-attempts")).containsExactly("2");
    assertSeen(2, 2);
  }

  @Test
  void when_all_rest_the_one_whose_rest_ends_first_is_tried() {
    rig.routing.leadToAll(
        "fast",
        TestRouting.target(FIRST, "stub-status-429-retry-after-90"),
        TestRouting.target(SECOND, "stub-status-429-retry-after-60"));
    call();
    assertSeen(1, 1);

    assertThat(call().values("x-claviger-service")).containsExactly(SECOND);
    assertSeen(1, 2);
  }

  @Test
  void a_large_body_goes_to_the_second_target_whole() {
    lead("stub-status-503");
    String body = "{\"input\":\"" + "x".repeat(700_000) + "\",\"model\":\"fast\"}";

    TestResponse answer = post(body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(second.requests().get(0).text()).isEqualTo(body.replace("fast", HEALTHY));
  }

  private TestResponse callFirst(String fault) {
    lead(fault);
    return call();
  }

  private void lead(String fault) {
    rig.routing.leadToAll(
        "fast", TestRouting.target(FIRST, fault), TestRouting.target(SECOND, HEALTHY));
  }

  private TestResponse call() {
    return post(Rig.embedding("fast"));
  }

  private TestResponse post(String body) {
    return rig.client()
        .send("POST", "/gateway/openai/v1/embeddings", BodyPublishers.ofString(body));
  }

  private void assertSeen(int byFirst, int bySecond) {
    assertThat(rig.stub.requests()).hasSize(byFirst);
    assertThat(second.requests()).hasSize(bySecond);
  }
}
