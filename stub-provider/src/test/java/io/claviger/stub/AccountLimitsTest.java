package io.claviger.stub;

import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.testkit.http.TestResponse;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AccountLimitsTest {
  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  private TestResponse chat(String model, String text) {
    return caller.post(
        "/v1/chat/completions",
        "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
            .formatted(model, text));
  }

  private TestResponse chat() {
    return chat("parrot", "hi");
  }

  private TestResponse message() {
    return caller.post(
        "/v1/messages",
        "{\"model\": \"parrot\", \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", "
            + "\"content\": \"hi\"}]}",
        "anthropic-version",
        "2023-06-01");
  }

  private static String header(TestResponse response, String name) {
    return String.join(" / ", response.headers().allValues(name));
  }

  private JsonNode counts() {
    return json(caller.get(AccountPace.PATH));
  }

  @Test
  void without_limits_nothing_is_stated() {
    assertThat(chat().headers().map().keySet()).noneMatch(name -> name.contains("ratelimit"));
    assertThat(counts().at("/allowed/requests").asLong()).isZero();
  }

  @Test
  void requests_and_tokens_are_a_bucket_each_and_stated_as_by_openai() {
    stub.limit("requests=3&tokens=10000");
    TestResponse first = chat();

    assertThat(first.status()).isEqualTo(200);
    long used = json(first).at("/usage/total_tokens").asLong();
    assertThat(header(first, "x-ratelimit-limit-requests")).isEqualTo("3");
    assertThat(header(first, "x-ratelimit-remaining-requests")).isEqualTo("2");
    assertThat(header(first, "x-ratelimit-reset-requests")).matches("20s|19\\.9\\d*s");
    assertThat(header(first, "x-ratelimit-limit-tokens")).isEqualTo("10000");
    assertThat(header(first, "x-ratelimit-remaining-tokens"))
        .isEqualTo(String.valueOf(10_000 - used));
    assertThat(header(first, "x-ratelimit-reset-tokens")).matches("\\d+ms");
    assertThat(chat().status()).isEqualTo(200);
    assertThat(chat().status()).isEqualTo(200);

    TestResponse refused = chat();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(json(refused).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
    assertThat(json(refused).at("/error/type").asString()).isEqualTo("requests");
    assertThat(header(refused, "retry-after")).matches("19|20");
    assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(header(refused, "x-ratelimit-reset-requests")).matches("59\\.\\d+s|1m0s");

    JsonNode counts = counts();
    assertThat(counts.at("/allowed/requests").asLong()).isEqualTo(3);
    assertThat(counts.at("/allowed/tokens").asLong()).isEqualTo(3 * used);
    assertThat(counts.at("/refused/requests").asLong()).isEqualTo(1);
    assertThat(counts.at("/most_at_a_time").asLong()).isEqualTo(1);
  }

  @Test
  void a_call_that_is_larger_than_the_limit_is_refused_although_there_is_room() {
    stub.limit("tokens=20");
    TestResponse refused = chat("parrot", "a".repeat(400));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(json(refused).at("/error/type").asString()).isEqualTo("tokens");
    assertThat(header(refused, "x-ratelimit-remaining-tokens")).isEqualTo("20");
  }

  @Test
  void anthropic_states_four_limits_with_times() {
    stub.limit("requests=2&tokens=30000&input_tokens=20000&output_tokens=50");
    TestResponse first = message();

    assertThat(header(first, "anthropic-ratelimit-requests-limit")).isEqualTo("2");
    assertThat(header(first, "anthropic-ratelimit-requests-remaining")).isEqualTo("1");
    assertThat(Instant.parse(header(first, "anthropic-ratelimit-requests-reset")))
        .isBetween(Instant.now().plusSeconds(25), Instant.now().plusSeconds(32));
    assertThat(header(first, "anthropic-ratelimit-tokens-remaining")).isEqualTo("30000");
    assertThat(header(first, "anthropic-ratelimit-input-tokens-limit")).isEqualTo("20000");
    assertThat(header(first, "anthropic-ratelimit-output-tokens-remaining"))
        .isEqualTo(String.valueOf(50 - json(first).at("/usage/output_tokens").asLong()));
    message();

    TestResponse refused = message();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(json(refused).at("/error/type").asString()).isEqualTo("rate_limit_error");
    assertThat(header(refused, "retry-after")).isNotEmpty();
  }

  @Test
  void groq_states_the_requests_of_a_day() {
    stub.limit("requests=2&headers=groq");
    chat();
    chat();
    TestResponse refused = chat();

    assertThat(refused.status()).isEqualTo(429);
    assertThat(header(refused, "x-ratelimit-limit-requests")).isEqualTo("2880");
    assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("2878");
    assertThat(header(refused, "x-ratelimit-reset-requests")).isEqualTo("1m0s");
  }

  @Test
  void gemini_says_in_the_body_when_to_try_again() {
    stub.limit("requests=1");
    String path = "/v1beta/models/parrot:generateContent";
    String body = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
    assertThat(caller.post(path, body).headers().map().keySet())
        .noneMatch(name -> name.contains("ratelimit"));
    TestResponse refused = caller.post(path, body);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(json(refused).at("/error/status").asString()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(json(refused).at("/error/details/0/retryDelay").asString()).matches("59\\.\\d+s");
    assertThat(header(refused, "retry-after")).isEmpty();
  }

  @Test
  void limits_hold_for_each_account_and_where_asked_for_each_model() {
    stub.limit("requests=1&by_model=true");
    assertThat(chat("one", "hi").status()).isEqualTo(200);
    assertThat(chat("two", "hi").status()).isEqualTo(200);
    assertThat(chat("one", "hi").status()).isEqualTo(429);

    stub.limit("requests=1");
    assertThat(chat("one", "hi").status()).isEqualTo(200);
    assertThat(chat("two", "hi").status()).isEqualTo(429);
    assertThat(
            caller
                .post(
                    "/v1/chat/completions",
                    "{\"model\": \"two\", \"messages\": []}",
                    "authorization",
                    "Bearer another")
                .status())
        .isEqualTo(200);
  }

  @Test
  void calls_at_a_time_end_with_their_streams() throws Exception {
    stub.limit("calls=1");
    HttpResponse<InputStream> stream =
        caller.stream(
            "/v1/chat/completions", "{\"model\": \"stub-stall-mid-stream\", \"messages\": []}");
    TestResponse refused = chat();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(header(refused, "retry-after")).isEqualTo("1");

    stream.body().close();
    stub.awaitCancelled(1, Duration.ofSeconds(10));
    assertThat(chat().status()).isEqualTo(200);
    assertThat(chat().status()).isEqualTo(200);
    assertThat(counts().at("/most_at_a_time").asLong()).isEqualTo(1);
    assertThat(counts().at("/refused/calls").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          negative           | 200 | -61                            | -60  | -\\d+.*
          huge               | 200 | 999999999999999999999999999999 | 9{30} | \\d+.*
          words              | 200 | many                           | many | soon
          twice              | 200 | 60 / 60                      | 59 / 59 | .* / .*
          shrinking          | 200 | 30                             | 30   | .*
          jumping            | 200 | 60                             | 59   | .*
          past               | 200 | 60                             | 59   | -8760h0m0s
          future             | 200 | 60                             | 59   | 87600h0m0s
          refuses            | 429 | 60                             | 0    | .*
          refuses_with_room  | 429 | 60                             | 60   | .*
          no_credit          | 429 | 60                             | 60   | .*
          overloaded         | 503 | 60                             | 60   | .*
          """)
  void a_provider_lies_on_demand(
      String lie, int status, String limit, String remaining, String reset) {
    stub.limit("requests=60&lie=" + lie);
    TestResponse response = chat();

    assertThat(response.status()).isEqualTo(status);
    assertThat(header(response, "x-ratelimit-limit-requests")).isEqualTo(limit.strip());
    assertThat(header(response, "x-ratelimit-remaining-requests")).matches(remaining);
    assertThat(header(response, "x-ratelimit-reset-requests")).matches(reset);
  }

  @Test
  void some_lies_change_with_each_answer_and_some_never_end() throws Exception {
    stub.limit("requests=60&lie=shrinking");
    for (String limit : "30 15 7 3 1 0 0".split(" ")) {
      assertThat(header(chat(), "x-ratelimit-limit-requests")).isEqualTo(limit);
    }
    stub.limit("requests=60&lie=jumping");
    for (String limit : "60 1 60000 60".split(" ")) {
      assertThat(header(chat(), "x-ratelimit-limit-requests")).isEqualTo(limit);
    }
    stub.limit("requests=60&lie=no_credit");
    assertThat(json(chat()).at("/error/code").asString()).isEqualTo("insufficient_quota");
    stub.limit("requests=60&lie=overloaded");
    assertThat(message().status()).isEqualTo(529);

    stub.limit("requests=60&lie=refuses_endlessly");
    HttpResponse<InputStream> endless =
        caller.stream("/v1/chat/completions", "{\"model\": \"parrot\", \"messages\": []}");
    assertThat(endless.statusCode()).isEqualTo(429);
    try (InputStream body = endless.body()) {
      assertThat(body.readNBytes(1 << 20)).hasSize(1 << 20);
    }
  }

  @Test
  void another_process_sets_limits_by_the_endpoint() {
    assertThat(put("requests=1").status()).isEqualTo(200);
    assertThat(chat().status()).isEqualTo(200);
    assertThat(chat().status()).isEqualTo(429);
    assertThat(counts().at("/refused/requests").asLong()).isEqualTo(1);

    assertThat(put("apples=1").status()).isEqualTo(400);
    assertThat(chat().status()).isEqualTo(429);
    stub.clear();
    assertThat(chat().status()).isEqualTo(200);
  }

  private TestResponse put(String query) {
    return caller.put(AccountPace.PATH + "?" + query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"requests=0", "requests=-1", "requests=x", "apples=1", "headers=x", "lie=x"})
  void a_misspelt_limit_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> stub.limit(text));
  }
}
