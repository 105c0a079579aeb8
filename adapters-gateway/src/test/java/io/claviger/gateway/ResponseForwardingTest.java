package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.formats.ProviderApi.TestQuestion;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which parts of a provider's answer reach the caller. */
class ResponseForwardingTest {
  @AutoClose private final Rig rig = new Rig();

  @Test
  void headers_that_are_not_the_callers_business_are_left_out() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-set-cookie"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().map().keySet())
        .doesNotContain(
            "set-cookie",
            "set-cookie2",
            "access-control-allow-origin",
            "alt-svc",
            "refresh",
            "location",
            "x-claviger-fake",
            "openai-organization",
            "openai-project",
            "x-foo",
            "connection",
            "keep-alive");
    assertThat(answer.values("content-type")).containsExactly("application/json");
  }

  @Test
  void every_answer_carries_a_receipt_and_is_no_page() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

    assertThat(answer.values("x-claviger-service")).containsExactly("alice/my-openai");
    assertThat(answer.values("x-claviger-key-source")).containsExactly("central");
    assertThat(answer.values("x-request-id"))
        .containsExactly(rig.authorizer.calls().get(0).requestId());
    assertThat(answer.values("x-content-type-options")).containsExactly("nosniff");
    assertThat(answer.values("content-security-policy")).containsExactly("sandbox");
  }

  /** A cache in front of the gateway would serve the answer to callers without a token. */
  @Test
  void no_cache_may_keep_an_answer_whoever_made_it() {
    List<TestResponse> answers = new ArrayList<>();
    for (String head : List.of("200 OK", "404 Not Found", "500 Oh")) {
      try (RawProvider provider =
          new RawProvider(
              "HTTP/1.1 "
                  + head
                  + "\r\nCache-Control: public, max-age=60\r\nExpires: 60\r\nVary: Accept\r\n"
                  + "Content-Length: 2\r\n\r\nok",
              false)) {
        rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI));
        answers.add(rig.get("models"));
      }
    }
    answers.add(rig.get("files"));
    answers.add(rig.anonymous().get(Rig.path("models")));
    answers.add(rig.anonymous().get("/gateway/nowhere"));
    answers.add(rig.anonymous().get("/gateway/openai/v1"));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.values("cache-control")).containsExactly("private, no-store");
              assertThat(answer.headers().map().keySet()).doesNotContain("vary", "expires");
            });
    assertThat(answers).extracting(TestResponse::status).contains(200, 404, 500, 502, 401);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After|7|7",
        "Retry-After|1.5|1.5",
        "Retry-After|3599|3599",
        "Retry-After|86400|3600",
        "Retry-After|999999999999999999|3600",
        "Retry-After|Fri, 21 Oct 2095 07:28:00 GMT|3600",
        "retry-after-ms|250|250",
        "retry-after-ms|86400000|3600000",
        "x-ms-retry-after-ms|86400000|3600000",
        "Retry-After|1e9|",
        "Retry-After|-1|",
        "Retry-After|soon|",
        "Retry-After|9999999999999999999|",
        "Retry-After|Wed, 21 Oct 2015 07:28:00 GMT|",
        "retry-after-ms|Infinity|"
      })
  void a_provider_asks_for_an_hour_at_most(String name, String value, String passing) {
    try (RawProvider provider =
        new RawProvider(
            "HTTP/1.1 429 No\r\n" + name + ": " + value + "\r\nContent-Length: 0\r\n\r\n", false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI));
      TestResponse answer = rig.get("models");

      assertThat(answer.headers().firstValue(name)).isEqualTo(Optional.ofNullable(passing));
    }
  }

  @Test
  void the_providers_request_id_has_a_header_of_its_own() {
    TestResponse openai = rig.post("embeddings", Rig.embedding("m"));
    rig.lend(WireFormat.ANTHROPIC);
    TestResponse anthropic = rig.post("v1/messages", Rig.chat("m").replace(",\"stream\":true", ""));

    assertThat(openai.values("x-provider-request-id"))
        .singleElement()
        .asString()
        .startsWith("stub-call-");
    assertThat(anthropic.values("x-provider-request-id"))
        .singleElement()
        .asString()
        .startsWith("stub-call-");
    assertThat(anthropic.values("request-id"))
        .isEqualTo(anthropic.values("x-request-id"))
        .singleElement()
        .asString()
        .startsWith("req_");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-echo-key-header", "stub-echo-key-body", "stub-echo-key-error"})
  void the_key_never_comes_back(String model) {
    rig.lend(rig.at(WireFormat.OPENAI).answering("x-your-key"));
    TestResponse answer = rig.post("embeddings", Rig.embedding(model));

    assertNoKey(answer.body());
    assertNoKey(answer.headers().map().toString());
    assertThat(answer.headers().map().toString() + answer.body())
        .contains("*".repeat(TestService.KEY.length()));
  }

  @Test
  void in_an_error_a_shortened_key_does_not_come_back_either() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-echo-key-error"));

    assertThat(answer.status()).isEqualTo(400);
    var unused = rig.events.awaitFinished(1);
    assertThat(rig.events.rejectedKeys()).isEmpty();
    assertThat(rig.events.acceptedKeys()).isZero();
    assertThat(answer.body())
        .contains(
            "Incorrect key "
                + "*".repeat(TestService.KEY.length() + 2)
                + ", in short ****************\"");
  }

  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void the_key_never_comes_back_in_a_stream_however_it_is_split(WireFormat format) {
    rig.lend(format);
    rig.stub.respondNextWith(Behaviour.named("stub-echo-key-stream"));
    TestResponse answer =
        format == WireFormat.GEMINI
            ? rig.post("v1beta/models/m:streamGenerateContent?alt=sse", "{}")
            : rig.post(path(format), Rig.chat("m"));

    assertThat(answer.status()).isEqualTo(200);
    assertNoKey(answer.body());
    assertThat(answer.body()).contains("*".repeat(TestService.KEY.length() + 2));
  }

  @Test
  void a_custom_headers_value_never_comes_back() {
    rig.lend(
        rig.at(WireFormat.OPENAI).header("X-Extra", "an extra secret").answering("x-your-header"));
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-echo-header-x-extra"));

    assertThat(answer.values("x-your-header")).containsExactly("***************");
    assertThat(answer.body()).contains("***************").doesNotContain("extra secret");
  }

  /** Eight characters are enough for a secret. */
  @ParameterizedTest
  @ValueSource(strings = {"Bearer extra-77", "extra-77"})
  void a_custom_headers_secret_never_comes_back_without_its_scheme_either(String value) {
    rig.lend(rig.at(WireFormat.OPENAI).header("X-Extra", value));
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"say extra-77 again\"}]}";

    TestResponse answer = rig.post(path(WireFormat.OPENAI), body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("say ******** again").doesNotContain("extra-77");
  }

  @Test
  void a_short_value_of_a_custom_header_is_no_secret() {
    rig.lend(rig.at(WireFormat.OPENAI).header("X-Extra", "object"));
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

    assertThat(answer.body()).contains("\"object\"");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, stub-unauthorized",
    "COHERE, stub-unauthorized",
    "ANTHROPIC, stub-unauthorized",
    "GEMINI, stub-unauthorized",
    "GEMINI, stub-gemini-key-invalid",
    "BEDROCK, stub-aws-key-expired"
  })
  void a_rejected_key_is_told_in_the_gateways_own_words(WireFormat format, String behaviour) {
    rig.lend(format);
    rig.stub.respondNextWith(Behaviour.named(behaviour));
    TestResponse answer = rig.post(path(format), Rig.chat("m"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_rejected_key");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    assertThat(answer.values("x-claviger-key-source")).containsExactly("central");
    assertThat(answer.body()).contains("rejected the API key");
    assertThat(rig.events.awaitFinished(1).code()).contains("provider_rejected_key");
    assertThat(rig.events.rejectedKeys())
        .containsExactly(
            switch (behaviour) {
              case "stub-gemini-key-invalid" -> 400;
              case "stub-aws-key-expired" -> 403;
              default -> 401;
            });
    assertThat(rig.events.acceptedKeys()).isZero();
  }

  /** A caller can choose a model that the key's account may not use. */
  @Test
  void another_403_of_awss_is_passed_on() {
    rig.lend(WireFormat.BEDROCK);
    rig.stub.respondNextWith(Behaviour.named("stub-status-403"));
    TestResponse answer = rig.post(path(WireFormat.BEDROCK), Rig.chat("m"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(answer.values("x-amzn-errortype").getFirst()).startsWith("AccessDeniedException");
    assertThat(rig.events.rejectedKeys()).isEmpty();
  }

  @Test
  void another_400_of_geminis_is_passed_on() {
    rig.lend(WireFormat.GEMINI);
    rig.stub.respondNextWith(Behaviour.named("stub-status-400"));
    TestResponse answer = rig.post(path(WireFormat.GEMINI), "{}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).isEmpty();
    assertThat(answer.body()).contains("INVALID_ARGUMENT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'error':{'code':400,'message':'Invalid value:"
            + " API_KEY_INVALID','status':'INVALID_ARGUMENT'}}",
        "{'error':{'code':400,'message':'no','details':[{'@type':'type.googleapis.com/google.rpc.BadRequest','reason':'API_KEY_INVALID'}]}}",
        "{'error':{'message':'{\\'details\\':[{\\'reason\\':\\'API_KEY_INVALID\\'}]}'}}",
        "{'error':{'details':[{'metadata':{'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'API_KEY_INVALID'}}]}}",
        "{'error':{'details':[{'@type':'type.googleapis.com/google.rpc.ErrorInfo','reason':'x','reason':'API_KEY_INVALID'}]}}",
        "{'reason':'API_KEY_INVALID','@type':'type.googleapis.com/google.rpc.ErrorInfo'}",
        "API_KEY_INVALID"
      })
  void a_400_that_repeats_the_callers_words_says_nothing_of_the_key(String error) {
    String body = error.replace('\'', '"');
    try (RawProvider provider =
        new RawProvider(
            "HTTP/1.1 400 Bad Request\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
            false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.GEMINI));
      TestResponse answer = rig.post(path(WireFormat.GEMINI), "{}");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo(body);
      var unused = rig.events.awaitFinished(1);
      assertThat(rig.events.rejectedKeys()).isEmpty();
    }
  }

  @Test
  void in_an_error_a_secret_behind_escapes_does_not_come_back() {
    String key = "sk-proj-Kq7Zb2LxN4vTcY8mWdR5gHs1";
    String rest = key.substring(1);
    String body =
        "{\"error\":{\"message\":\"Unknown \\u0073%s, %%73%s, &#115;%s. Header 's\\u0065cret-of-a-header'.\"}}"
            .formatted(rest, rest, rest);
    try (RawProvider provider =
        new RawProvider(
            "HTTP/1.1 404 Not Found\r\nX-Api-Warning: key "
                + key
                + ".\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body,
            false)) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
              .key(key)
              .header("X-Extra", "secret-of-a-header"));
      TestResponse answer = rig.get("models");

      assertThat(answer.values("x-api-warning")).containsExactly("key " + "*".repeat(32) + ".");
      assertThat(answer.body())
          .isEqualTo(
              "{\"error\":{\"message\":\"Unknown "
                  + "*".repeat(37)
                  + ", "
                  + "*".repeat(34)
                  + ", "
                  + "*".repeat(37)
                  + ". Header '"
                  + "*".repeat(23)
                  + "'.\"}}");
    }
  }

  /** Whoever can let a provider repeat guesses could read the key otherwise. */
  @ParameterizedTest
  @ValueSource(ints = {200, 400})
  void an_answer_does_not_show_how_much_of_a_guess_of_the_key_is_right(int status) {
    String key = "sk-proj-Kq7Zb2LxN4vTcY8mWdR5gHs1";
    StringBuilder guesses = new StringBuilder();
    for (int right = 1; right < key.length(); right++) {
      guesses.append(key, 0, right).append("_ ").append(key, right, key.length()).append(' ');
    }
    String body = "{\"instructions\":\"" + guesses + "\"}";
    try (RawProvider provider =
        new RawProvider(
            "HTTP/1.1 %d Odd\r\nX-Api-Warning: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, guesses.toString().strip(), body.length(), body),
            false)) {
      rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI).key(key));
      TestResponse answer = rig.get("models");

      assertThat(answer.body()).isEqualTo(body);
      assertThat(answer.values("x-api-warning")).containsExactly(guesses.toString().strip());
    }
  }

  @Test
  void a_redirect_is_neither_followed_nor_passed_on() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-redirect"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_redirected");
    assertThat(answer.headers().firstValue("location")).isEmpty();
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void an_encoding_nobody_asked_for_is_not_passed_on() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-gzip"));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.values("x-claviger-error")).containsExactly("provider_answer_unusable");
  }

  @Test
  void a_providers_own_error_is_passed_on_as_it_is() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-status-429-retry-after-7"));

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.values("retry-after")).containsExactly("7");
    assertThat(answer.values("x-claviger-error")).isEmpty();
  }

  @Test
  void an_answer_with_many_headers_comes_through() {
    rig.lend(rig.at(WireFormat.OPENAI).answering("x-stub-150"));
    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-many-headers-150"));

    assertThat(answer.headers().firstValue("x-stub-150")).contains("value 150");
  }

  @Test
  void an_early_answer_comes_through_and_the_connection_stays() {
    TestResponse early = rig.post("embeddings", Rig.embedding("stub-early-answer"));
    TestResponse next = rig.post("embeddings", Rig.embedding("m"));

    assertThat(List.of(early.status(), next.status())).containsExactly(200, 200);
  }

  @Test
  void connections_to_a_provider_are_used_again() {
    for (int i = 0; i < 20; i++) {
      rig.post("embeddings", Rig.embedding("m"));
    }

    assertThat(rig.stub.openConnections()).isEqualTo(1);
  }

  @Test
  void a_connection_that_the_provider_closed_a_moment_ago_is_not_used_again() {
    for (int i = 0; i < 20; i++) {
      assertThat(rig.post("embeddings", Rig.embedding("stub-close")).status()).isEqualTo(200);
      rig.awaitClosedByProvider();
    }

    assertThat(rig.stub.requests()).hasSize(20);
  }

  @Test
  void a_caller_who_goes_away_ends_the_call_to_the_provider_at_once() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("stub-slow-first-byte-60000"));
      rig.stub.awaitRequests(1, Rig.PATIENCE);
      caller.reset();
    }

    rig.stub.awaitCancelled(1, Duration.ofSeconds(5));
    assertThat(rig.events.awaitFinished(1).status()).isEqualTo(499);
  }

  @Test
  void a_caller_who_leaves_in_a_proper_way_amid_a_stream_ends_it_too() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("stub-chunk-delay-50-count-100000"));
      caller.until("data: ");
    }

    rig.stub.awaitCancelled(1, Duration.ofSeconds(5));
  }

  @Test
  void secrets_are_wiped_when_the_call_has_ended_however_it_ends() {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(300));
    for (String model :
        List.of("m", "stub-unauthorized", "stub-reset", "stub-slow-first-byte-9000", "stub-gzip")) {
      rig.post("embeddings", Rig.embedding(model));
    }
    rig.get("models?unknown=1");
    rig.events.awaitFinished(6);

    assertThat(rig.authorizer.handedOut())
        .hasSize(6)
        .allSatisfy(
            authorized ->
                assertThatThrownBy(() -> authorized.key().orElseThrow().lend(bytes -> bytes.length))
                    .isInstanceOf(IllegalStateException.class));
  }

  private static String path(WireFormat format) {
    return format.api().textCall(new TestQuestion("m", 16, "max_tokens", "")).path();
  }

  private static void assertNoKey(String text) {
    assertThat(text)
        .doesNotContain(TestService.KEY)
        .doesNotContain(TestService.KEY.replace("\\", "\\\\").replace("\"", "\\\""))
        .doesNotContain("Zx81");
  }
}
