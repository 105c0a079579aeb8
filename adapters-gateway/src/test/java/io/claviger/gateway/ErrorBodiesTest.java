package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.head.BodySizes;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's own errors, and the format that they have. */
class ErrorBodiesTest {
  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @EnumSource(CallRefusal.class)
  void a_refusal_has_its_own_status_code_and_message(CallRefusal refusal) {
    refuse(refusal, Optional.empty());
    TestResponse answer = rig.post("embeddings", "{}");

    assertThat(answer.status()).isEqualTo(CallError.of(refusal).status());
    assertThat(answer.values("x-claviger-error")).containsExactly(refusal.code());
    assertThat(answer.values("x-should-retry"))
        .isEqualTo(refusal == CallRefusal.SERVICE_UNAVAILABLE ? List.of() : List.of("false"));
    assertThat(answer.values("x-request-id")).isNotEmpty();
    assertThat(answer.body()).contains(refusal.message());
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|{\"error\":{\"message\":\"This service is disabled. Its owner or a writer can"
            + " enable it.\",\"type\":\"permission_error\",\"param\":null,\"code\":\"disabled\"}",
        "ANTHROPIC|{\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\"This"
            + " service is disabled. Its owner or a writer can enable it.\"}}",
        "GEMINI|{\"error\":{\"code\":403,\"message\":\"This service is disabled. Its owner or a"
            + " writer can enable it.\",\"status\":\"PERMISSION_DENIED\"}}",
        "COHERE|{\"message\":\"This service is disabled. Its owner or a writer can enable it.\"}"
      })
  void once_entitled_a_caller_sees_the_services_clothes(WireFormat format, String body) {
    refuse(CallRefusal.DISABLED, Optional.of(format));
    TestResponse answer = rig.post("embeddings", "{}");

    assertThat(answer.body()).startsWith(body);
    assertThat(answer.values("content-type")).containsExactly("application/json");
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/my-openai");
  }

  @ParameterizedTest
  @CsvSource({
    "embeddings, Authorization, OPENAI",
    "chat/completions, x-api-key, OPENAI",
    "v1/messages, Authorization, ANTHROPIC",
    "v1/messages, x-api-key, ANTHROPIC",
    "v2/embed, Authorization, COHERE",
    "v1/rerank, x-goog-api-key, COHERE",
    "v1beta/models/m:generateContent, Authorization, GEMINI",
    "files, x-goog-api-key, GEMINI",
    "files, x-api-key, ANTHROPIC",
    "files, Authorization, OPENAI"
  })
  void before_that_the_clothes_follow_the_look_of_the_request(
      String path, String header, WireFormat format) {
    refuse(CallRefusal.NOT_FOUND, Optional.empty());
    TestResponse answer = presenting(header, path);

    assertThat(answer.status()).isEqualTo(format == WireFormat.ANTHROPIC ? 403 : 404);
    assertThat(format(answer.body())).isEqualTo(format);
    assertThat(answer.headers().firstValue("x-claviger-service")).isEmpty();
    assertThat(answer.headers().firstValue("x-claviger-key-source")).isEmpty();
  }

  @Test
  void without_a_token_it_is_401() {
    TestResponse answer = rig.anonymous().get(Rig.path("models"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.values("x-claviger-error")).containsExactly("bad_token");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/, 404",
    "/gateway, 404",
    "/gateway/services, 404",
    "/gateway/services/alice, 404",
    "/v3/embeddings, 404",
    "/gateway/Services/alice/my-openai/models, 404",
    "/gateway/services/Alice/my-openai/models, 404",
    "/gateway/services/alice/_x/models, 404"
  })
  void unknown_paths_are_404_in_the_same_way(String path, int status) {
    TestResponse answer = rig.anonymous().withToken(Rig.TOKEN).get(path);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).containsExactly("not_found");
    assertThat(answer.body()).startsWith("{\"error\":{");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  static Stream<RuntimeException> failuresOfTheDatabase() {
    return Stream.of(
        new StoreUnavailable(new java.io.IOException("gone")),
        new QueryTimeout(new java.io.IOException("cancelled")));
  }

  @ParameterizedTest
  @MethodSource("failuresOfTheDatabase")
  void a_database_that_does_not_answer_is_503_and_worth_another_try(RuntimeException failure) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          throw failure;
        });
    TestResponse answer = rig.post("embeddings", "{}");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.values("x-claviger-error")).containsExactly("service_unavailable");
    assertThat(answer.values("retry-after")).containsExactly("1");
    assertThat(answer.values("x-should-retry")).isEmpty();
    assertThat(rig.events.undecided()).isEqualTo(1);
  }

  /** A permission that arrives so late may be out of date. */
  @Tag("slow")
  @Test
  void a_database_that_does_not_answer_in_time_is_503_whatever_it_says_later() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answering = new CountDownLatch(1);
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          asked.countDown();
          await(answering);
          return new AuthorizationOutcome.Authorized(
              rig.at(WireFormat.OPENAI).authorized("alice/my-openai"));
        });
    TestResponse answer = rig.post("embeddings", "{}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.values("retry-after")).containsExactly("1");

    assertThat(asked.await(0, TimeUnit.SECONDS)).isTrue();
    answering.countDown();
    rig.lend(WireFormat.OPENAI);
    assertThat(rig.post("embeddings", Rig.embedding("m")).status()).isEqualTo(200);
    rig.events.await(() -> rig.authorizer.handedOut().stream().filter(Rig::isWiped).count() == 2);
    assertThat(rig.stub.requests()).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|{\"error\":{\"message\":\"%s\",\"type\":\"rate_limit_error\",\"param\":null,\"code\":\"rate_limited\"}",
        "ANTHROPIC|{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"%s\"}}",
        "GEMINI|{\"error\":{\"code\":429,\"message\":\"%s\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"42s\"}]}}",
        "COHERE|{\"message\":\"%s\"}"
      })
  void who_has_made_too_many_requests_is_told_when_to_come_back(WireFormat format, String body) {
    TestResponse answer = limited(format, Duration.ofMillis(41_200));

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("retry-after")).containsExactly("42");
    assertThat(answer.values("x-should-retry")).isEmpty();
    assertThat(answer.values("x-claviger-error")).containsExactly("rate_limited");
    assertThat(answer.values("x-claviger-service")).containsExactly("alice/my-openai");
    assertThat(answer.body())
        .startsWith(
            body.formatted("The limit of 60 requests per minute is used up. Try again in 42 s."));
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 1", "PT0.000000001S, 1", "PT1S, 1", "PT1.000000001S, 2", "PT10H, 3600"})
  void when_to_come_back_is_in_whole_seconds(Duration after, String seconds) {
    assertThat(limited(WireFormat.OPENAI, after).values("retry-after")).containsExactly(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "x-api-key", "x-goog-api-key"})
  void who_presented_too_many_bad_tokens_is_told_so_in_the_clothes_of_a_bad_one(String header) {
    refuseBadTokens(CallRefusal.BAD_TOKEN, Optional.empty());
    TestResponse bad = presenting(header, "embeddings");
    refuseBadTokens(CallRefusal.TOO_MANY_BAD_TOKENS, Optional.of(Duration.ofSeconds(42)));
    TestResponse answer = presenting(header, "embeddings");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("retry-after")).containsExactly("42");
    assertThat(answer.values("x-claviger-error")).containsExactly("too_many_bad_tokens");
    assertThat(format(answer.body())).isEqualTo(format(bad.body()));
    assertThat(answer.body()).contains(CallRefusal.TOO_MANY_BAD_TOKENS.message());
    assertThat(rig.stub.requests()).isEmpty();
  }

  private void refuseBadTokens(CallRefusal why, Optional<Duration> after) {
    rig.authorizer.answer(
        Rig.TOKEN, call -> new AuthorizationOutcome.Refused(why, Optional.empty(), after));
  }

  /** A POST that presents the token in a header. */
  private TestResponse presenting(String header, String pathBelowService) {
    return rig.anonymous()
        .with(header, header.equals("Authorization") ? "Bearer " + Rig.TOKEN : Rig.TOKEN)
        .send("POST", Rig.path(pathBelowService), BodyPublishers.ofString("{}"));
  }

  private TestResponse limited(WireFormat format, Duration after) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                CallRefusal.RATE_LIMITED,
                Optional.of(new KnownService("alice/my-openai", format)),
                Optional.of(after),
                OptionalInt.of(60),
                Optional.empty(),
                Optional.empty()));
    return rig.post("embeddings", "{}");
  }

  @Test
  void a_body_over_the_limit_is_413() {
    try (Rig small = new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMost(1_000)))) {
      TestResponse announced = small.post("embeddings", "x".repeat(1_001));
      TestResponse streamed = small.postChunked("embeddings", new byte[5_000]);
      TestResponse allowed = small.post("embeddings", Rig.embedding("m"));

      assertThat(announced.status()).isEqualTo(413);
      assertThat(announced.values("x-claviger-error")).containsExactly("body_too_large");
      assertThat(streamed.status()).isEqualTo(413);
      assertThat(allowed.status()).isEqualTo(200);
      assertThat(small.stub.requests()).filteredOn(r -> r.complete()).hasSize(1);
    }
  }

  private void refuse(CallRefusal refusal, Optional<WireFormat> format) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                refusal, format.map(f -> new KnownService("alice/my-openai", f))));
  }

  private static WireFormat format(String body) {
    if (body.startsWith("{\"message\":")) {
      return WireFormat.COHERE;
    }
    if (body.startsWith("{\"type\":\"error\"")) {
      return WireFormat.ANTHROPIC;
    }
    return body.startsWith("{\"error\":{\"code\":404") ? WireFormat.GEMINI : WireFormat.OPENAI;
  }
}
