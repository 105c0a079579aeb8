package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The framing of requests, which must not be ambiguous. */
class FramingTest {
  private static final String PATH = "/gateway/services/alice/my-openai/embeddings";
  private static final String MODELS = PATH.replace("embeddings", "models");
  private static final String HEAD =
      "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Rig.TOKEN + "\r\n";
  private static final String BODY = Rig.embedding("m");
  private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n";

  @AutoClose private final Rig rig = new Rig();
  @AutoClose private final RawCaller caller = new RawCaller(rig);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: \u000bchunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 5 5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length : 5\r\n",
        "X-Folded: a\r\n b\r\nContent-Length: 0\r\n",
        "X-Folded: a\r\n\tContent-Length: 0\r\n",
        "Content-Length:\r\n 5\r\n",
        "X-Nul: a\u0000b\r\nContent-Length: 0\r\n",
        "X-Bare: a\rb\r\nContent-Length: 0\r\n",
        "X-Line: a\nContent-Length: 0\r\n",
        "X Space: a\r\nContent-Length: 0\r\n",
        ": nameless\r\n",
        "no-colon\r\n"
      })
  void what_can_be_framed_in_two_ways_is_refused_and_the_connection_closed(String headers) {
    String answer = caller.send(HEAD + headers + "\r\n12345GET / HTTP/1.1\r\n\r\n").untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("X-Claviger-Error: bad_request");
    assertThat(answer).contains("X-Request-Id: req_");
    assertThat(answer.split("HTTP/1.1 ")).as("one answer only").hasSize(2);
    assertThat(answer).containsIgnoringCase("connection: close");
    assertThat(rig.authorizer.calls()).isEmpty();
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_fold_is_seen_however_the_bytes_arrive() {
    String request = "\r\n" + HEAD + "X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n";
    for (int i = 0; i < request.length(); i++) {
      caller.send(request.substring(i, i + 1));
    }

    assertThat(caller.untilClosed()).startsWith("HTTP/1.1 400 ");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nabcdeX\r\n0\r\n\r\n",
        "zz\r\n\r\n",
        "-1\r\n\r\n",
        "5;\nx\r\nabcde\r\n0\r\n\r\n",
        "5;a\rb\r\nabcde\r\n0\r\n\r\n",
        "5;\u0000\r\nabcde\r\n0\r\n\r\n",
        "5;a=\"b\r\nabcde\r\n0\r\n\r\n",
        "5;a=\"b\\\"\r\nabcde\r\n0\r\n\r\n",
        "5\r;\r\nabcde\r\n0\r\n\r\n",
        "5 x\r\nabcde\r\n0\r\n\r\n",
        " 5\r\nabcde\r\n0\r\n\r\n",
        "5\r\nabcde\r\n0;a\rb\r\n\r\n",
        "100000005\r\nabcde\r\n0\r\n\r\n",
        "5\r\nabcde \r\n0\r\n\r\n",
        "5\r\nabcde\n0\r\n\r\n",
        "0x5\r\nabcde\r\n0\r\n\r\n",
        "5\r\nabcde\r\n0\r\nX : y\r\n\r\n",
        "5\r\nabcde\r\n0\r\n: y\r\n\r\n",
        "5\r\nabcde\r\n0\r\nX\u0000: y\r\n\r\n",
        "5\r\nabcde\r\n0\r\nX: a\rb\r\n\r\n"
      })
  void a_malformed_chunk_ends_the_call_and_the_connection(String chunks) {
    String answer = caller.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks).untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("bad_request");
    rig.events.awaitFinished(1);
    assertThat(rig.stub.requests()).noneMatch(request -> request.complete());
  }

  /** Netty's decoder would take the first length. */
  @ParameterizedTest
  @CsvSource({"5, 6", "6, 5", "6, 6", "0, 6", "6, ''"})
  void http_1_0_with_two_lengths_is_refused(String first, String second) {
    String head = HEAD.replace("HTTP/1.1", "HTTP/1.0") + "Connection: keep-alive\r\n";
    String lengths = "Content-Length: " + first + "\r\ncontent-length: " + second + "\r\n\r\n";

    assertThat(caller.send(head + lengths + "123456").untilClosed()).startsWith("HTTP/1.1 400 ");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @Test
  void http_1_0_with_a_transfer_encoding_is_refused() {
    String answer =
        caller
            .send(
                HEAD.replace("HTTP/1.1", "HTTP/1.0")
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            .untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT 169.254.169.254:80",
        "CONNECT http://169.254.169.254:80",
        "OPTIONS *",
        "GET gateway/services/alice/my-openai/models",
        "GET http://169.254.169.254"
      })
  void what_asks_for_another_way_is_refused(String request) {
    String answer =
        caller
            .send(
                request
                    + " HTTP/1.1\r\nAuthorization: Bearer "
                    + Rig.TOKEN
                    + "\r\nConnection: close\r\n\r\n")
            .untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("X-Request-Id: req_");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET  @ HTTP/1.1\r\n",
        "GET @  HTTP/1.1\r\n",
        "GET\t@ HTTP/1.1\r\n",
        "GET @\tHTTP/1.1\r\n",
        "GET @ HTTP/1.1 \r\n",
        "GET @\r HTTP/1.1\r\n",
        "GET\r @ HTTP/1.1\r\n",
        "GET @ x HTTP/1.1\r\n",
        "GET @ http/1.1\r\n",
        "GET @ HTTP/1.1\n",
        "GET @\r\n",
        "G}ET @ HTTP/1.1\r\n",
        "\n\nGET @ HTTP/1.1\r\n",
        "\r\rGET @ HTTP/1.1\r\n"
      })
  void a_request_line_that_can_be_split_in_two_ways_is_refused(String line) {
    String request = line.replace("@", MODELS) + "Authorization: Bearer " + Rig.TOKEN;

    assertThat(caller.send(request + "\r\n\r\n").untilClosed()).startsWith("HTTP/1.1 400 ");
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  @Test
  void line_ends_before_a_request_are_skipped() {
    String request = "\r\n\r\nGET " + MODELS + " HTTP/1.1\r\nAuthorization: Bearer ";

    assertThat(caller.send(request + Rig.TOKEN + "\r\nConnection: close\r\n\r\n").untilClosed())
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void a_request_line_that_is_too_long_is_refused() {
    String answer =
        caller
            .send("GET " + PATH + "?alt=" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n")
            .untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 414 ").contains("uri_too_long");
  }

  @Test
  void headers_that_are_too_large_are_refused() {
    String answer =
        caller.send(HEAD + ("X-Fill: " + "x".repeat(1_000) + "\r\n").repeat(40)).untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("headers_too_large");
  }

  @Test
  void an_absolute_form_and_the_host_count_for_nothing() {
    String answer =
        caller
            .send(
                HEAD.replace("POST /", "POST http://169.254.169.254:80/")
                        .replace("Host: x", "Host: evil.example")
                    + LENGTH
                    + "\r\n"
                    + BODY)
            .until("}");

    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(rig.stub.requests().get(0).header("host")).isEqualTo("127.0.0.1:" + rig.stub.port());
    assertThat(rig.stub.requests().get(0).uri()).isEqualTo("/v1/embeddings");
  }

  @Test
  void pipelined_requests_are_answered_in_their_order() {
    String one = HEAD + LENGTH + "\r\n" + BODY;
    String two = HEAD.replace("embeddings", "nothing") + "Content-Length: 2\r\n\r\n{}";
    caller.send(one + two + one + "GET /elsewhere HTTP/1.1\r\nConnection: close\r\n\r\n");

    String answers = caller.untilClosed();

    assertThat(answers.split("HTTP/1\\.1 "))
        .hasSize(5)
        .satisfies(
            parts -> {
              assertThat(parts[1]).startsWith("200");
              assertThat(parts[2]).startsWith("404");
              assertThat(parts[3]).startsWith("200");
              assertThat(parts[4]).startsWith("404");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void a_request_that_only_reads_has_no_body(String method) {
    String head =
        method + " " + MODELS + " HTTP/1.1\r\nAuthorization: Bearer " + Rig.TOKEN + "\r\n";
    String smuggled = "POST /v1/files HTTP/1.1\r\nHost: x\r\n\r\n";

    for (String body :
        new String[] {
          "Content-Length: " + smuggled.length() + "\r\n\r\n" + smuggled,
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        }) {
      try (RawCaller one = new RawCaller(rig)) {
        String answer = one.send(head + "Connection: close\r\n" + body).untilClosed();

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("X-Claviger-Error: bad_request");
      }
    }
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(caller.send(head + "Connection: close\r\nContent-Length: 0\r\n\r\n").untilClosed())
        .doesNotContain("bad_request");
  }

  /** Netty's decoder would take the eight bytes behind this head for a body. */
  @Test
  void a_request_has_no_body_that_its_head_does_not_announce() {
    String keys = "Sec-WebSocket-Key1: 1 1\r\nSec-WebSocket-Key2: 2 2\r\n\r\n";

    String answer = caller.send(RawCaller.head("GET", "models") + keys + "GET /abc").untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("X-Claviger-Error: bad_request");
    assertThat(rig.authorizer.calls()).isEmpty();
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_call_with_head_ends_with_the_head_of_its_answer() {
    String head = "HEAD " + MODELS + " HTTP/1.1\r\nAuthorization: Bearer " + Rig.TOKEN + "\r\n\r\n";

    for (int call = 1; call <= 2; call++) {
      assertThat(caller.send(head).until("\r\n\r\n")).startsWith("HTTP/1.1 ");
      assertThat(rig.events.awaitFinished(call).providerNanos())
          .isLessThan(TimeUnit.SECONDS.toNanos(5));
    }
    String get = head.replace("HEAD ", "GET ");
    assertThat(caller.send(get).until("}")).contains("\r\n\r\n{");
  }

  @Test
  void a_request_within_the_body_of_another_is_not_one() {
    String smuggled = "GET /gateway/services/alice/my-openai/models HTTP/1.1\r\n\r\n";
    String body = "{\"model\":\"m\",\"input\":\"" + smuggled.replace("\r\n", "  ") + "\"}";
    caller.send(HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);

    assertThat(caller.until("}")).startsWith("HTTP/1.1 200 ");
    rig.events.awaitFinished(1);
    assertThat(rig.authorizer.calls()).hasSize(1);
  }

  @Test
  void a_caller_who_waits_to_be_asked_is_told_to_go_on() {
    caller.send(HEAD + "Expect: 100-continue\r\n" + LENGTH + "\r\n");

    assertThat(caller.until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    assertThat(caller.send(BODY).until("}")).startsWith("HTTP/1.1 200 ");
    assertThat(rig.stub.requests().get(0).header("expect")).isNull();
  }

  @Test
  void a_caller_who_waits_to_be_asked_is_refused_before_the_body() {
    caller.send(HEAD.replace(Rig.TOKEN, "clv_bad") + "Expect: 100-continue\r\n" + LENGTH + "\r\n");

    assertThat(caller.untilClosed()).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void another_expectation_is_not_met() {
    caller.send(HEAD + "Expect: miracles\r\n" + LENGTH + "\r\n" + BODY);

    assertThat(caller.until("}")).startsWith("HTTP/1.1 417 ");
  }

  @Test
  void a_refused_request_with_a_small_body_leaves_the_connection_usable() {
    caller.send(HEAD.replace(Rig.TOKEN, "clv_bad") + LENGTH + "\r\n");
    assertThat(caller.untilErrorEnds()).startsWith("HTTP/1.1 401 ");

    assertThat(caller.send(BODY + HEAD + LENGTH + "\r\n" + BODY).until("}"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void an_http_1_0_caller_gets_a_stream_that_ends_with_the_connection() {
    String body = Rig.chat("m");
    String answer =
        caller
            .send(
                HEAD.replace("HTTP/1.1", "HTTP/1.0").replace("embeddings", "chat/completions")
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
            .untilClosed();

    assertThat(answer).doesNotContainIgnoringCase("transfer-encoding").endsWith("data: [DONE]\n\n");
  }

  @Test
  void a_head_request_gets_no_body() {
    String answer =
        caller.send("HEAD /nothing HTTP/1.1\r\nConnection: close\r\n\r\n").untilClosed();

    assertThat(answer).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
  }
}
