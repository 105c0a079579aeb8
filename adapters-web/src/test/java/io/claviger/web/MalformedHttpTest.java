package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.contract.ContractChecker;
import io.claviger.web.contract.Exchange;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What HTTP itself can make no sense of is answered with a problem too. */
class MalformedHttpTest {
  private static final ContractChecker CONTRACT = ContractChecker.ofServer();
  @AutoClose private static final Served SERVED = Served.start();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no request line           | 400 | RUBBISH-SECRET\\r\\n\\r\\n
          no version                | 505 | GET /v1\\r\\n\\r\\n
          an unknown version        | 505 | GET /v1 HTTP/9.9\\r\\nHost: x\\r\\n\\r\\n
          no host                   | 400 | GET /v1 HTTP/1.1\\r\\n\\r\\n
          two hosts                 | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\r\\nHost: y\\r\\n\\r\\n
          a header without a colon  | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\r\\nSECRET\\r\\n\\r\\n
          lines ended by LF alone   | 400 | GET /v1 HTTP/1.1\\nHost: x\\n\\n
          a field ended by LF alone | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\nA: SECRET\\r\\n\\r\\n
          a folded field            | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\r\\nA: b\\r\\n SECRET\\r\\n\\r\\n
          a blank in a header name  | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\r\\nA SECRET: y\\r\\n\\r\\n
          a length that is none     | 400 | POST /v1/users HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: SECRET\\r\\n\\r\\n
          two lengths               | 400 | POST /v1/users HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\n
          a length and chunks       | 400 | POST /v1/users HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
          a coding of its own       | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n0\\r\\n\\r\\n
          a parameter of chunked    | 400 | GET /v1 HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked;q=1\\r\\n\\r\\n0\\r\\n\\r\\n
          chunks in HTTP/1.0        | 400 | GET /v1 HTTP/1.0\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
          a bad escape in the path  | 400 | GET /v1/%zz-SECRET HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
          an unknown expectation    | 417 | POST /v1/users HTTP/1.1\\r\\nHost: x\\r\\nExpect: SECRET\\r\\nContent-Length: 2\\r\\n\\r\\n{}
          """)
  void is_a_problem(String what, int status, String request) throws IOException {
    Exchange answer = exchange(unescaped(request));
    assertThat(answer.status()).as(what + answer).isEqualTo(status);
    CONTRACT.checkProblem(answer);
    assertThat(answer.toString()).doesNotContain("SECRET");
  }

  @Test
  void a_uri_that_is_too_long_is_414() throws IOException {
    Exchange answer = exchange("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer.status()).isEqualTo(414);
    CONTRACT.checkProblem(answer);
  }

  @Test
  void headers_that_are_too_long_are_431() throws IOException {
    Exchange answer =
        exchange("GET /v1 HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n");
    assertThat(answer.status()).isEqualTo(431);
    CONTRACT.checkProblem(answer);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a body that ends early     | 400 | Content-Length: 100\\r\\n\\r\\n{"handle":
          a chunk that is none       | 400 | Transfer-Encoding: chunked\\r\\n\\r\\nxyz\\r\\n
          a chunk ended by LF alone  | 400 | Transfer-Encoding: chunked\\r\\n\\r\\n2\\n{}\\r\\n0\\r\\n\\r\\n
          chunks that end early      | 400 | Transfer-Encoding: chunked\\r\\n\\r\\n5\\r\\n{"h
          a large body not yet sent  | 413 | Expect: 100-continue\\r\\nContent-Length: 10000000\\r\\n\\r\\n
          """)
  void a_body_that_does_not_come_is_a_problem(String what, int status, String rest)
      throws IOException {
    Exchange answer =
        exchange(
            "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer "
                + SERVED.rootToken()
                + "\r\n"
                + unescaped(rest));
    assertThat(answer.status()).as(what + answer).isEqualTo(status);
    CONTRACT.checkProblem(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONS *, 404",
    "GET http://x/v1, 200",
    "GET http://elsewhere.example/v1, 400",
    "CONNECT elsewhere.example:443, 400",
    "POST /v1, 405",
    "get /v1, 405"
  })
  void other_forms_of_a_target_are_answered(String line, int status) throws IOException {
    Exchange answer = exchange(line + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
  }

  @Test
  void an_upgrade_to_something_else_is_not_made() throws IOException {
    String request =
        """
        GET /v1 HTTP/1.1
        Host: x
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """;
    Exchange answer = exchange(request.replace("\n", "\r\n"));
    assertThat(answer.status()).as(answer.toString()).isIn(200, 404);
  }

  @Test
  void the_jdks_client_works_as_it_comes() throws Exception {
    URI live = URI.create("http://127.0.0.1:" + SERVED.port() + "/health/live");
    try (HttpClient asItComes = HttpClient.newHttpClient()) {
      HttpResponse<Void> got =
          asItComes.send(HttpRequest.newBuilder(live).build(), BodyHandlers.discarding());
      HttpResponse<Void> posted =
          asItComes.send(
              HttpRequest.newBuilder(live).POST(BodyPublishers.ofString("{}")).build(),
              BodyHandlers.discarding());
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(posted.statusCode()).isEqualTo(405);
      assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  private static Exchange exchange(String request) throws IOException {
    try (RawConnection connection = new RawConnection(SERVED.port())) {
      return connection.send(request).end().answer("GET", "/");
    }
  }

  private static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n");
  }
}
