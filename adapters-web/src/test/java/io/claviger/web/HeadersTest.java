package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.contract.Exchange;
import io.claviger.web.served.Client;
import io.claviger.web.served.LogCapture;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer says of itself, and what can be done with every path. */
class HeadersTest {
  @AutoClose private static final Served SERVED = Served.start();
  private static final Client ROOT = SERVED.root();

  @Test
  void a_sane_request_id_is_taken() {
    TestResponse reply = ROOT.with("X-Request-Id", "Job-7.of_many").get("/v1/me");
    assertThat(reply.header("X-Request-Id")).isEqualTo("Job-7.of_many");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "<script>", "a,b", "x/y"})
  void another_request_id_is_replaced(String id) {
    TestResponse reply = ROOT.with("X-Request-Id", id).get("/v1/me");
    assertThat(reply.header("X-Request-Id")).matches("[0-9a-f-]{36}");
  }

  @Test
  void a_long_request_id_is_replaced() {
    TestResponse reply = ROOT.with("X-Request-Id", "x".repeat(65)).get("/v1/me");
    assertThat(reply.header("X-Request-Id")).matches("[0-9a-f-]{36}");
  }

  @Test
  void a_problem_says_its_request_id() {
    TestResponse reply = ROOT.with("X-Request-Id", "abc").get("/v1/users/nobody-there");
    assertThat(reply.isStatus(404).text("/instance")).isEqualTo("abc");
  }

  @Test
  void the_request_id_stands_in_the_audit_trail() {
    ROOT.with("X-Request-Id", "audited").post("/v1/users", Map.of("handle", "audited"));
    assertThat(SERVED.ports().auditEvents()).anyMatch(e -> e.requestId().equals("audited"));
  }

  @Test
  void nothing_is_stored_or_sniffed_or_told_of_the_server() {
    TestResponse reply = ROOT.get("/v1/me");
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.headers().map()).doesNotContainKeys("Server", "X-Powered-By", "Set-Cookie");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/openapi.yaml", "/v1/providers"})
  void an_answer_that_is_no_page_is_not_compressed(String path) {
    TestResponse reply = ROOT.with("Accept-Encoding", "gzip").get(path);
    assertThat(reply.isStatus(200).header("Content-Encoding")).isEmpty();
    assertThat(reply.body()).hasSizeGreaterThan(1_500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v2", "/v1/", "/v1/nothing", "/v1/users/", "/v1/me/x", "/v1/user%73", "/admin"})
  void an_unknown_path_is_404(String path) {
    ROOT.offContract().get(path).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/users/a%2Fb",
        "/v1/users/%2e%2e",
        "/v1/users/a;b=c",
        "/v1/users/%00",
        "//v1",
        "/v1//users"
      })
  void a_path_of_hostile_escapes_is_no_server_error(String path) throws IOException {
    try (RawConnection connection = new RawConnection(SERVED.port())) {
      Exchange answer =
          connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").answer("GET", path);
      assertThat(answer.status()).isIn(400, 401, 404);
    }
  }

  @Test
  void tls_on_the_plain_port_is_refused_at_once_with_a_sentence_in_the_log() throws IOException {
    try (LogCapture logged = LogCapture.begin();
        RawConnection connection = new RawConnection(SERVED.port())) {
      String answer = connection.send("\u0016\u0003\u0001\u0002\0\u0001").all();

      assertThat(answer).startsWith("HTTP/1.1 400");
      logged.await("began TLS on the port of the API");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/me, 'GET, HEAD, OPTIONS'",
    "PUT, /v1/users, 'GET, HEAD, POST, OPTIONS'",
    "DELETE, /v1, 'GET, HEAD, OPTIONS'",
    "PATCH, /v1/api-standards/x, 'DELETE, GET, HEAD, POST, PUT, OPTIONS'",
    "BREW, /v1/llm-services/a/b, 'DELETE, GET, HEAD, PATCH, POST, PUT, OPTIONS'"
  })
  void a_method_that_a_path_has_not_is_405_with_those_it_has(
      String method, String path, String allowed) {
    TestResponse reply = ROOT.send(method, path, BodyPublishers.noBody());
    reply.isProblem(405, "method_not_allowed");
    assertThat(reply.header("Allow")).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"})
  void a_header_names_no_other_method(String header) {
    ROOT.post("/v1/users", Map.of("handle", "stays"));
    ROOT.with(header, "DELETE").get("/v1/users/stays").isStatus(200);
    ROOT.with(header, "DELETE")
        .send("POST", "/v1/users/stays", BodyPublishers.noBody())
        .isProblem(405, "method_not_allowed");
    ROOT.with(header, "GET").delete("/v1/users/stays").isStatus(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_method", "method", "X-HTTP-Method-Override"})
  void a_parameter_names_no_other_method(String parameter) {
    ROOT.get("/v1/users/root?" + parameter + "=DELETE")
        .hasFaults("/" + parameter + " unknown_parameter");
  }

  @Test
  void options_says_what_can_be_done() {
    TestResponse reply =
        SERVED.nobody().offContract().send("OPTIONS", "/v1/users", BodyPublishers.noBody());
    reply.isStatus(204);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
  }

  @Test
  void trace_is_refused() throws IOException {
    try (RawConnection connection = new RawConnection(SERVED.port())) {
      Exchange answer =
          connection
              .send("TRACE /v1 HTTP/1.1\r\nHost: x\r\nX-Secret: SECRET\r\n\r\n")
              .answer("TRACE", "/v1");
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.body()).doesNotContain("SECRET");
    }
  }

  @Test
  void head_is_get_without_the_body() {
    TestResponse get = ROOT.get("/v1/users/root");
    TestResponse head = ROOT.send("HEAD", "/v1/users/root", BodyPublishers.noBody());
    assertThat(head.isStatus(200).body()).isEmpty();
    assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
    assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
  }

  @Test
  void head_of_what_is_not_there_is_404_without_a_body() {
    TestResponse head = ROOT.send("HEAD", "/v1/users/nobody-there", BodyPublishers.noBody());
    assertThat(head.isStatus(404).body()).isEmpty();
  }

  @Test
  void head_without_a_token_is_401() {
    SERVED.nobody().send("HEAD", "/v1/me", BodyPublishers.noBody()).isStatus(401);
  }

  @Test
  void connections_are_kept_across_errors() throws IOException {
    try (RawConnection connection = new RawConnection(SERVED.port())) {
      String refused = "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
      assertThat(connection.send(refused).answer("POST", "/v1/users").status()).isEqualTo(401);
      assertThat(connection.send(refused).answer("POST", "/v1/users").status()).isEqualTo(401);
    }
  }
}
