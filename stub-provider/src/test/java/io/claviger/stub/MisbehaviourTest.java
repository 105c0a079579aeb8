package io.claviger.stub;

import static io.claviger.stub.Caller.data;
import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MisbehaviourTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  private static String asking(String model) {
    return "{\"model\": \"" + model + "\", \"input\": \"hi\"}";
  }

  private TestResponse ask(String model) throws Exception {
    return caller.post("/v1/embeddings", asking(model));
  }

  private HttpResponse<InputStream> begin(String model) throws Exception {
    return caller.stream("/v1/chat/completions", asking(model));
  }

  @Test
  void a_status_comes_with_the_time_to_wait() throws Exception {
    TestResponse response = ask("stub-status-429-retry-after-7");

    assertThat(response.status()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after")).hasValue("7");
    assertThat(json(response).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
    assertThat(ask("stub-status-500").headers().firstValue("retry-after")).isEmpty();
  }

  @Test
  void a_status_without_a_body_has_none() throws Exception {
    assertThat(ask("stub-status-204").body()).isEmpty();
    assertThat(ask("parrot").status()).isEqualTo(200);
  }

  @Test
  void unauthorized_wears_the_clothes_of_the_api() throws Exception {
    assertThat(json(ask("stub-unauthorized")).at("/error/code").asString())
        .isEqualTo("invalid_api_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stub-nonsense", "stub-status-999", "stub-big-", "stub-", "stub-slow-first-byte"})
  void an_unknown_name_is_400_and_no_behaviour(String name) throws Exception {
    assertThat(ask(name).status()).isEqualTo(400);
    assertThatThrownBy(() -> Behaviour.named(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_redirect_leads_to_where_it_would_be_seen() throws Exception {
    TestResponse response = ask("stub-redirect");

    assertThat(response.status()).isEqualTo(302);
    assertThat(response.headers().firstValue("location")).hasValue("/redirected");
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void a_slow_answer_comes_in_the_end() throws Exception {
    assertThat(ask("stub-slow-first-byte-20").status()).isEqualTo(200);
  }

  @Test
  void a_stream_has_as_many_pieces_as_asked() throws Exception {
    assertThat(data(ask("stub-chunk-delay-1-count-5")).stream().filter(d -> d.contains("piece")))
        .hasSize(5);
  }

  @Test
  void a_stall_after_the_headers_ends_when_the_client_goes() throws Exception {
    HttpResponse<InputStream> response = begin("stub-stall-after-headers");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(stub.cancelledRequests()).isZero();

    response.body().close();

    stub.awaitCancelled(1, PATIENCE);
  }

  @Test
  void a_stall_in_mid_stream_comes_after_some_of_the_text() throws Exception {
    HttpResponse<InputStream> response = begin("stub-stall-mid-stream");
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf("\"content\": \"and\"") < 0) {
      seen.append((char) response.body().read());
    }

    response.body().close();

    stub.awaitCancelled(1, PATIENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stub-reset",
        "stub-half-header",
        "stub-reset-mid-stream",
        "stub-close-mid-stream",
        "stub-lying-length"
      })
  void a_broken_answer_is_an_error_to_the_client_and_no_cancelled_call(String model) {
    assertThatThrownBy(() -> ask(model)).hasCauseInstanceOf(IOException.class);
    assertThat(stub.cancelledRequests()).isZero();
  }

  @Test
  void a_connection_may_be_closed_although_it_was_to_be_kept() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      raw.send("/v1/embeddings", asking("stub-close"));

      assertThat(raw.readToEnd())
          .startsWith("HTTP/1.1 200 OK")
          .doesNotContainIgnoringCase("connection: close");
    }
  }

  @Test
  void a_big_answer_has_the_length_asked_for() throws Exception {
    assertThat(ask("stub-big-0").body()).isEmpty();
    try (InputStream body = begin("stub-big-20000001").body()) {
      assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(20_000_001);
    }
  }

  @Test
  void a_big_answer_waits_for_its_reader() throws Exception {
    HttpResponse<InputStream> response = begin("stub-big-900000000000");

    assertThat(response.body().readNBytes(1000)).hasSize(1000);
    response.body().close();

    stub.awaitCancelled(1, PATIENCE);
  }

  @Test
  void an_early_answer_comes_before_the_body_is_complete() throws Exception {
    try (RawClient raw = new RawClient(stub.port())) {
      String body = asking("stub-early-answer");
      raw.write("POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body);
      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 200 OK");
      assertThat(stub.requests()).isEmpty();

      raw.write(" ".repeat(1000 - body.length()));
      raw.send("/v1/embeddings", asking("parrot"));

      assertThat(raw.readAnswer()).startsWith("HTTP/1.1 200 OK");
      assertThat(stub.requests()).extracting(RecordedRequest::bodyBytes).contains(1000L);
    }
  }

  @Test
  void there_may_be_many_headers() throws Exception {
    assertThat(ask("stub-many-headers-150").headers().firstValue("x-stub-150"))
        .hasValue("value 150");
  }

  @Test
  void a_body_may_be_zipped_though_nobody_asked() throws Exception {
    HttpResponse<InputStream> response = begin("stub-gzip");

    assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
    assertThat(new GZIPInputStream(response.body()).readAllBytes()).isNotEmpty();
  }

  @Test
  void headers_that_must_not_reach_a_caller_are_there() throws Exception {
    assertThat(ask("stub-set-cookie").headers().map())
        .containsKeys(
            "set-cookie",
            "access-control-allow-origin",
            "alt-svc",
            "refresh",
            "location",
            "x-claviger-fake",
            "openai-organization",
            "openai-project",
            "connection",
            "x-foo");
  }

  @Test
  void a_behaviour_can_be_ordered_for_the_next_call_alone() throws Exception {
    stub.respondNextWith(Behaviour.named("stub-status-503"));

    assertThat(ask("parrot").status()).isEqualTo(503);
    assertThat(ask("parrot").status()).isEqualTo(200);
  }

  @Test
  void dashes_are_an_error_of_that_length() throws Exception {
    TestResponse response = ask("stub-dashes-100000");

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("-".repeat(100_000));
  }

  @Test
  void a_folded_key_is_the_presented_one_in_two_lines() throws Exception {
    try (RawClient client = new RawClient(stub.port())) {
      client.write(
          "POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-folded\r\n"
              + "Content-Length: 27\r\n\r\n{\"model\":\"stub-folded-key\"}");

      assertThat(client.readToEnd()).contains("X-RateLimit-Reset: sk-f\r\n olded\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-endless-head", "stub-endless-interim", "stub-low-status"})
  void what_has_no_end_goes_on_for_megabytes(String model) throws Exception {
    try (RawClient client = new RawClient(stub.port())) {
      client.send("/v1/embeddings", asking(model));

      assertThat(client.read(5_000_000)).hasSize(5_000_000).startsWith("HTTP/1.1 ");
    }
  }
}
