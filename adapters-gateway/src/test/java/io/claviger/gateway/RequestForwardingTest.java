package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which parts of a request reach the provider. */
class RequestForwardingTest {

  @AutoClose private final Rig rig = new Rig();

  @Test
  void an_embedding_call_reaches_the_provider_with_the_key_and_comes_back() {
    TestResponse answer = rig.post("embeddings", Rig.embedding("text-embedding-3-small"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"embedding\"");
    RecordedRequest seen = seen();
    assertThat(seen.uri()).isEqualTo("/v1/embeddings");
    assertThat(seen.headers("authorization")).containsExactly("Bearer " + TestService.KEY);
    assertThat(seen.text()).isEqualTo(Rig.embedding("text-embedding-3-small"));
  }

  @Test
  void the_question_put_to_the_authorization_is_the_request_as_it_came() {
    rig.get("models/gpt%2D4?key=" + Rig.TOKEN);

    assertThat(rig.authorizer.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.callTarget())
                  .isEqualTo(new CallTarget.Service(Instance.Ref.of("alice/my-openai")));
              assertThat(call.method()).isEqualTo("GET");
              assertThat(call.path()).isEqualTo("models/gpt%2D4");
              assertThat(call.address()).isEqualTo("127.0.0.1");
              assertThat(call.requestId()).startsWith("req_");
            });
  }

  @Test
  void who_called_behind_a_proxy_is_whom_it_names_where_it_is_believed() {
    try (Rig behind =
        new Rig(
            settings ->
                settings.withCallers(
                    (peer, headers) ->
                        Optional.of(
                            new CallerOrigin(
                                peer.address()
                                    + " for "
                                    + headers.apply("X-Forwarded-For")
                                    + " and "
                                    + headers.apply("Forwarded")))))) {
      behind.get("models", "X-Forwarded-For", "203.0.113.9", "Forwarded", "for=203.0.113.9");

      assertThat(behind.authorizer.calls().getFirst().address())
          .isEqualTo("127.0.0.1 for [203.0.113.9] and [for=203.0.113.9]");
      assertThat(behind.stub.requests().getFirst().headers("x-forwarded-for")).isEmpty();
    }
  }

  @Test
  void a_call_through_a_project_is_asked_about_as_one() {
    rig.anonymous().withToken(Rig.TOKEN).get("/gateway/projects/alice/corpus/models");

    assertThat(rig.authorizer.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.callTarget())
                  .isEqualTo(new CallTarget.OfProject(Project.Ref.of("alice/corpus")));
              assertThat(call.path()).isEqualTo("models");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "x-api-key", "api-key", "x-goog-api-key", "?key="})
  void the_token_is_found_wherever_sdks_put_it_and_goes_no_further(String where) {
    boolean query = where.startsWith("?");
    TestClient caller = rig.anonymous();
    if (!query) {
      caller = caller.with(where, (where.equals("Authorization") ? "bearer " : "") + Rig.TOKEN);
    }
    String path = Rig.path("embeddings") + (query ? where + Rig.TOKEN : "");

    caller.send("POST", path, BodyPublishers.ofString(Rig.embedding("m"))).isStatus(200);
    assertThat(seen().headers().toString() + seen().uri()).doesNotContain(Rig.TOKEN);
  }

  @Test
  void the_same_token_in_two_places_is_one() {
    assertThat(rig.post("embeddings", Rig.embedding("m"), "x-api-key", Rig.TOKEN).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"x-api-key, other", "x-goog-api-key, clv_good2"})
  void two_different_tokens_are_refused(String header, String other) {
    TestResponse answer = rig.post("embeddings", Rig.embedding("m"), header, other);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("two different access tokens");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key=other", "key=clv_good&key=other", "k%65y=other"})
  void two_different_tokens_are_refused_in_the_query_too(String query) {
    TestResponse answer = rig.get("models?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("two different access tokens");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @Test
  void listed_headers_pass_and_no_others() {
    rig.post(
        "embeddings",
        Rig.embedding("m"),
        "Accept",
        "application/json",
        "Accept-Language",
        "la",
        "User-Agent",
        "test/1",
        "Idempotency-Key",
        "i",
        "Anthropic-Version",
        "2023-06-01",
        "Anthropic-Beta",
        "b",
        "OpenAI-Beta",
        "o",
        "X-Stainless-Lang",
        "java",
        "X-Goog-Api-Client",
        "g",
        "X-Goog-Request-Params",
        "p",
        "X-Client-Name",
        "n",
        "Traceparent",
        "t",
        "Tracestate",
        "s",
        "Cookie",
        "c=1",
        "Accept-Encoding",
        "gzip",
        "X-Forwarded-For",
        "1.2.3.4",
        "X-Request-Id",
        "mine",
        "X-Portkey-Custom-Host",
        "http://evil",
        "Helicone-OpenAI-Api-Base",
        "http://evil",
        "OpenAI-Organization",
        "org-mine",
        "Referer",
        "r");

    assertThat(seen().headers().stream().map(h -> h.name().toLowerCase(java.util.Locale.ROOT)))
        .containsExactlyInAnyOrder(
            "host",
            "accept",
            "accept-language",
            "content-type",
            "content-length",
            "user-agent",
            "idempotency-key",
            "anthropic-version",
            "anthropic-beta",
            "openai-beta",
            "x-stainless-lang",
            "x-goog-api-client",
            "x-goog-request-params",
            "x-client-name",
            "traceparent",
            "tracestate",
            "accept-encoding",
            "x-claviger-hop",
            "authorization");
    assertThat(seen().header("accept-encoding")).isEqualTo("identity");
    assertThat(seen().header("accept-language")).isEqualTo("la");
  }

  @Test
  void what_a_standard_lists_passes_but_never_a_credential_or_what_http_governs() {
    rig.lend(rig.at(WireFormat.OPENAI).passing("x-*"));
    rig.post(
        "embeddings",
        Rig.embedding("m"),
        "X-Title",
        "mine",
        "X-Api-Key",
        Rig.TOKEN,
        "Api-Key",
        Rig.TOKEN,
        "X-Forwarded-For",
        "1.2.3.4",
        "X-HTTP-Method-Override",
        "DELETE",
        "X-Claviger-Service",
        "a/b");

    assertThat(seen().header("x-title")).isEqualTo("mine");
    assertThat(seen().headers("x-api-key")).isEmpty();
    assertThat(seen().headers("api-key")).isEmpty();
    assertThat(seen().headers("x-forwarded-for")).isEmpty();
    assertThat(seen().headers("x-http-method-override")).isEmpty();
    assertThat(seen().headers("x-claviger-service")).isEmpty();
  }

  @Test
  void a_header_that_connection_names_does_not_pass() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          "GET /gateway/services/alice/my-openai/models HTTP/1.1\r\n"
              + "Connection: close, OpenAI-Beta\r\n"
              + "OpenAI-Beta: x\r\n"
              + "X-Client-Name: y\r\n"
              + "Authorization: Bearer "
              + Rig.TOKEN
              + "\r\n\r\n");
      caller.untilClosed();
    }

    assertThat(seen().headers("openai-beta")).isEmpty();
    assertThat(seen().headers("x-client-name")).containsExactly("y");
    assertThat(seen().headers("connection")).isEmpty();
  }

  /** The gateway reads the body by its type, so the provider must not guess another type. */
  @Test
  void connection_can_not_take_the_type_off_a_body() {
    String body = Rig.embedding("m");
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          RawCaller.head("POST", "embeddings")
              + "Connection: close, Content-Type, content-encoding\r\nContent-Encoding: identity\r\n"
              + RawCaller.content("application/json", body));
      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 200 ");
    }

    assertThat(seen().headers("content-type")).containsExactly("application/json");
    assertThat(seen().headers("content-encoding")).containsExactly("identity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api_base=x",
        "alt=sse&url=x",
        "ALT=sse",
        "alt=sse;key2=x",
        "%61pi=1",
        "alt=a%20b&=x",
        "alt=%"
      })
  void a_query_parameter_that_is_not_listed_is_refused(String query) {
    rig.lend(WireFormat.GEMINI);

    assertThat(rawGet(query)).startsWith("HTTP/1.1 400 ");
    assertThat(rig.stub.requests()).isEmpty();
  }

  /** The gateway reads the usage from the answer, which may not have another form. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "alt=proto",
        "alt=json&alt=proto",
        "%61lt=prot%6f",
        "alt=json%3Benum-encoding%3Dint",
        "alt=",
        "alt",
        "$alt=json%3Benum-encoding%3Dint"
      })
  void an_answer_is_json_or_a_stream_of_it_whatever_the_query_asks_for(String query) {
    for (WireFormat format : List.of(WireFormat.GEMINI, WireFormat.VERTEX)) {
      rig.lend(rig.at(format).forwarding("alt", "$alt"));
      String answer = rawGet(query);
      assertThat(answer).as(format.wireName()).startsWith("HTTP/1.1 400 ");
      assertThat(answer).contains("query_parameter_not_allowed", "json or sse");
    }

    assertThat(rig.stub.requests()).isEmpty();
  }

  /** Google's generated clients ask for numbers of enums, and understand names as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$alt=json%3Benum-encoding%3Dint&pageSize=5",
        "pageSize=5&%24alt=json%3benum-encoding=int"
      })
  void what_googles_generated_clients_send_with_each_request_is_left_out(String query) {
    for (WireFormat format : List.of(WireFormat.GEMINI, WireFormat.VERTEX)) {
      rig.lend(format);
      assertThat(rawGet(query)).doesNotContain("query_parameter_not_allowed");
      assertThat(rig.stub.requests().getLast().uri()).endsWith("?pageSize=5");
      assertThat(rawGet(query.replace("int", "text"))).contains("query_parameter_not_allowed");
      assertThat(rawGet(query.replace("json", "proto"))).contains("query_parameter_not_allowed");
    }
  }

  @Test
  void listed_query_parameters_pass_as_they_were_written() {
    rig.lend(WireFormat.GEMINI);
    rig.get("v1beta/models?pageSize=5&pageToken=a%2Fb%3D&%61lt=json&");

    assertThat(seen().uri()).isEqualTo("/v1beta/models?pageSize=5&pageToken=a%2Fb%3D&alt=json");
  }

  @Test
  void a_chunked_body_stays_one() {
    byte[] body = Rig.embedding("m").getBytes(StandardCharsets.UTF_8);

    rig.postChunked("embeddings", body).isStatus(200);
    assertThat(seen().header("transfer-encoding")).isEqualTo("chunked");
    assertThat(seen().text()).isEqualTo(Rig.embedding("m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/../files",
        "models/./x",
        "models/..",
        "models/.",
        "../models",
        "models//x",
        "/models",
        "models/%2e%2e/files",
        "models/%2E",
        "a%2fb",
        "a%5Cb",
        "a\\b",
        "a%00b",
        "a%0ab",
        "models/..;x/files",
        "models/%252e%252e/x",
        "a%252fb",
        "a%zz",
        "a%2",
        "a#b",
        "a\"b",
        "a%7fb",
        "models/a%25b",
        "models/a%3bb",
        "models/a%3Fb",
        "models/a%23b",
        "models/a;b",
        "models/;x",
        "models/a%80b",
        "models/%c3%a9",
        "models/%FF"
      })
  void a_path_that_can_be_read_in_two_ways_is_refused(String path) {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  "GET /gateway/services/alice/my-openai/"
                      + path
                      + " HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer "
                      + Rig.TOKEN
                      + "\r\n\r\n")
              .untilClosed();

      assertThat(answer).startsWith("HTTP/1.1 400 ");
    }
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/gpt-4.1",
        "models/a..b",
        "models/ft:gpt-4o:x",
        "models/a%20b",
        "v1.5/...x"
      })
  void a_plain_path_is_asked_about_as_it_is(String path) {
    rig.get(path);

    assertThat(rig.authorizer.calls())
        .singleElement()
        .satisfies(c -> assertThat(c.path()).isEqualTo(path));
  }

  private String rawGet(String query) {
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(
              "GET /gateway/services/alice/my-openai/v1beta/models?"
                  + query
                  + " HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer "
                  + Rig.TOKEN
                  + "\r\n\r\n")
          .untilClosed();
    }
  }

  private RecordedRequest seen() {
    return rig.stub.requests().get(0);
  }
}
