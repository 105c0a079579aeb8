package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed and unusual answers of providers. */
class UnusualResponsesTest {
  @AutoClose private final Rig rig = new Rig();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n"
            + "Content-Length: 2\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "2\r\n"
            + "ok\r\n"
            + "0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Encoding: identity, gzip\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "\u0015\u0003\u0001\u0000\u0002\u0002P\r\n\r\n"
      })
  void an_answer_that_can_not_be_understood_in_one_way_is_502(String answer) {
    TestResponse got = get(answer, true);

    assertThat(got.status()).isEqualTo(502);
    assertThat(got.body()).doesNotContain("ok");
  }

  @Test
  void announcements_before_the_answer_are_not_passed_on() {
    TestResponse got =
        get(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            false);

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo("ok");
    assertThat(got.headers().firstValue("link")).isEmpty();
  }

  /**
   * A proxy before the gateway would obey some of these: nginx hands out files for
   * X-Accel-Redirect.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Accel-Redirect: /internal/file",
        "X-Accel-Buffering: no",
        "X-Sendfile: /etc/passwd",
        "Set-Cookie: a=b",
        "Location: https://elsewhere.example",
        "Refresh: 0; url=https://elsewhere.example",
        "Link: </a>; rel=preload",
        "Strict-Transport-Security: max-age=1",
        "Clear-Site-Data: *",
        "NEL: {}",
        "Report-To: {}",
        "Alt-Svc: h2=elsewhere",
        "Access-Control-Allow-Origin: *",
        "Content-Security-Policy-Report-Only: default-src *",
        "X-Forwarded-For: 10.0.0.1",
        "anthropic-organization-id: org-1",
        "openai-organization: org-1",
        "openai-project: proj-1",
        "X-Claviger-Service: bob/other",
        "Cache-Control: public, max-age=3600",
        "Vary: Accept",
        "Expires: Wed, 21 Oct 2099 07:28:00 GMT",
        "Age: 7",
        "Content-Disposition: attachment; filename=a.html",
        "Content-Location: /elsewhere",
        "X-Goog-Authenticated-User-Email: accounts.google.com:owner@example.com",
        "x-goog-project: 4711",
        "x-goog-anything: 1",
        "x-ms-client-principal-name: owner@example.com",
        "x-ms-anything: 1",
        "x-codex-account-id: acc-1",
        "x-codex-credits-balance: 12",
        "x-ratelimit-anything: 1",
        "anthropic-ratelimit-anything: 1",
        "Content-Anything: 1",
        "x-anything-call-limit: 1",
        "Server: odd",
        "X-Unheard-Of: 1"
      })
  void a_header_that_is_not_listed_does_not_come_back(String header) {
    TestResponse got =
        get("HTTP/1.1 200 OK\r\n" + header + "\r\nContent-Length: 2\r\n\r\nok", false);

    assertThat(got.body()).isEqualTo("ok");
    assertThat(got.headers().allValues(header.substring(0, header.indexOf(':'))))
        .doesNotContain(header.substring(header.indexOf(':') + 2));
  }

  @Test
  void headers_that_sdks_read_come_back() {
    TestResponse got = answerTo(service -> service.from(KeySource.USER));

    assertThat(got.values("x-ratelimit-limit-tokens")).containsExactly("5");
    assertThat(got.values("retry-after-ms")).containsExactly("20");
    assertThat(got.values("openai-processing-ms")).containsExactly("7");
    assertThat(got.values("x-trial-endpoint-call-limit")).containsExactly("40");
    assertThat(got.values("anthropic-ratelimit-tokens-reset")).containsExactly("soon");
    assertThat(got.values("date")).containsExactly("now");
    assertThat(got.values("content-type")).containsExactly("text/plain");
    assertThat(got.values("x-provider-request-id")).containsExactly("theirs");
  }

  @Test
  void what_follows_an_answer_unasked_does_not_meet_the_next_call() {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    try (RawProvider provider =
        new RawProvider(answer + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad", false)) {
      lend(provider);

      assertThat(rig.get("models").body()).isEqualTo("ok");
      assertThat(rig.get("models").body()).isEqualTo("ok");
      assertThat(provider.connections()).isEqualTo(2);
    }
  }

  /** The provider might take the body for the beginning of the next request. */
  @Test
  void what_a_provider_may_not_read_does_not_meet_the_next_call() {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    try (RawProvider provider = new RawProvider(answer, false)) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
              .from(KeySource.USER)
              .lending(new Operation("DELETE x"), new Operation("GET models")));

      for (String body : List.of("", "GET /v1/files HTTP/1.1\r\nX-Next: ", "{}")) {
        assertThat(rig.client().send("DELETE", Rig.path("x"), BodyPublishers.ofString(body)).body())
            .isEqualTo("ok");
        assertThat(rig.get("models").body()).isEqualTo("ok");
      }
      assertThat(provider.connections()).isEqualTo(3);
    }
  }

  @Test
  void a_body_that_ends_with_the_connection_is_passed_on() {
    assertThat(get("HTTP/1.1 200 OK\r\n\r\nto the end", true).body()).isEqualTo("to the end");
    assertThat(get("HTTP/1.0 200 OK\r\n\r\nto the end", true).body()).isEqualTo("to the end");
  }

  @Test
  void an_answer_without_a_body_stays_one() {
    TestResponse got = get("HTTP/1.1 204 No Content\r\n\r\n", false);

    assertThat(got.status()).isEqualTo(204);
    assertThat(got.body()).isEmpty();
  }

  @Test
  void a_chunked_body_without_its_last_chunk_is_a_broken_answer() {
    assertThatThrownBy(
            () -> get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", true))
        .hasRootCauseInstanceOf(java.io.EOFException.class);
  }

  @Test
  void a_malformed_chunk_breaks_the_answer() {
    assertThatThrownBy(
            () ->
                get(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n",
                    false))
        .hasRootCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void trailers_are_not_passed_on() {
    TestResponse got =
        get(
            "HTTP/1.1 200 OK\r\n"
                + "Trailer: X-T\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "2\r\n"
                + "ok\r\n"
                + "0\r\n"
                + "X-T: "
                + TestService.KEY
                + "\r\n\r\n",
            false);

    assertThat(got.body()).isEqualTo("ok");
    assertThat(got.headers().map().keySet()).doesNotContain("x-t", "trailer");
  }

  @Test
  void the_reason_phrase_is_not_passed_on() {
    TestResponse got =
        get("HTTP/1.1 400 " + TestService.KEY + "\r\nContent-Length: 2\r\n\r\nok", false);
    assertThat(got.status()).isEqualTo(400);

    try (RawProvider provider =
            new RawProvider(
                "HTTP/1.1 200 " + TestService.KEY + "\r\nContent-Length: 0\r\n\r\n", false);
        RawCaller caller = new RawCaller(rig)) {
      lend(provider);
      caller.send(RawCaller.head("GET", "models") + "\r\n");
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("Zx81");
    }
  }

  @Test
  void a_header_whose_name_is_the_key_is_left_out() {
    rig.lend(rig.at(WireFormat.OPENAI).key("sk-token-name"));
    try (RawProvider provider =
        new RawProvider(
            "HTTP/1.1 200 OK\r\nsk-token-name: x\r\nX-Other: y\r\nContent-Length: 0\r\n\r\n",
            false)) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
              .key("sk-token-name")
              .answering("x-other", "sk-token-name"));
      TestResponse got = rig.get("models");

      assertThat(got.headers().map().keySet()).contains("x-other").doesNotContain("sk-token-name");
    }
  }

  @Test
  void a_provider_that_refuses_a_body_amid_it_is_heard() {
    try (RawProvider provider =
            new RawProvider(
                "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
                true);
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
              .from(KeySource.USER));
      caller.send(
          "POST /gateway/services/alice/my-openai/embeddings HTTP/1.1\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\nContent-Length: 30000000\r\n\r\n");

      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 413 ").endsWith("\r\n\r\nno");
    }
  }

  @Test
  void rates_of_an_account_that_others_use_come_back_to_its_owner_alone() {
    TestResponse borrowers = answerTo(service -> service);
    assertThat(borrowers.values("x-ratelimit-limit-tokens")).isEmpty();
    assertThat(borrowers.values("x-trial-endpoint-call-limit")).isEmpty();
    assertThat(borrowers.values("anthropic-ratelimit-tokens-reset")).isEmpty();
    assertThat(borrowers.values("retry-after-ms")).containsExactly("20");
    assertThat(borrowers.values("openai-processing-ms")).containsExactly("7");

    assertThat(
            answerTo(service -> service.calledBy(TestService.OWNER))
                .values("x-ratelimit-limit-tokens"))
        .containsExactly("5");
  }

  private TestResponse answerTo(UnaryOperator<TestService> caller) {
    try (RawProvider provider =
        new RawProvider(
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "X-RateLimit-Limit-Tokens: 5",
                "retry-after-ms: 20",
                "openai-processing-ms: 7",
                "X-Trial-Endpoint-Call-Limit: 40",
                "Date: now",
                "anthropic-ratelimit-tokens-reset: soon",
                "x-request-id: theirs",
                "Content-Type: text/plain",
                "Content-Length: 2",
                "",
                "ok"),
            false)) {
      rig.lend(
          caller.apply(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)));
      return rig.get("models");
    }
  }

  private TestResponse get(String answer, boolean closes) {
    try (RawProvider provider = new RawProvider(answer, closes)) {
      lend(provider);
      return rig.get("models");
    }
  }

  private void lend(RawProvider provider) {
    rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI));
  }
}
