package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers to change the protocol. */
class UpgradeTest {
  private static final String SERVICE = "/gateway/services/alice/my-openai/";
  private static final String BODY = Rig.embedding("m");

  @AutoClose private final Rig rig = new Rig();

  @Test
  void the_jdks_client_works_as_it_comes() throws Exception {
    try (HttpClient asItComes = HttpClient.newHttpClient()) {
      for (int i = 1; i <= 3; i++) {
        HttpResponse<String> answer =
            asItComes.send(
                HttpRequest.newBuilder(URI.create(rig.url("embeddings")))
                    .header("Authorization", "Bearer " + Rig.TOKEN)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(BODY))
                    .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(rig.stub.requests()).hasSize(i);
      }
    }
    assertThat(rig.stub.requests())
        .allSatisfy(
            request ->
                assertThat(request.headers().stream().map(h -> h.name().toLowerCase(Locale.ROOT)))
                    .doesNotContain("upgrade", "http2-settings", "connection"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n",
        "Upgrade: TLS/1.0, HTTP/2.0\r\nConnection: Upgrade\r\n",
        "Upgrade: nonsense\r\n",
        "Upgrade:\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\n"
      })
  void an_offer_on_a_call_is_ignored(String offer) {
    try (RawCaller caller = new RawCaller(rig)) {
      String head = head("POST", "embeddings") + "Content-Length: " + BODY.length() + "\r\n";
      assertThat(caller.send(head + offer + "\r\n" + BODY).until("}")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(rig.stub.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.body()).isEqualTo(BODY.getBytes(UTF_8));
              assertThat(request.headers().stream().map(h -> h.name().toLowerCase(Locale.ROOT)))
                  .doesNotContain("upgrade", "http2-settings", "connection");
            });
  }

  @Test
  void what_follows_an_ignored_offer_is_read_as_http_1_1() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(head("GET", "models") + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
      caller.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

      String answers = caller.untilClosed();
      assertThat(answers).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 400 ");
      assertThat(rig.stub.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "WebSocket", "h2c, websocket"})
  void a_web_socket_handshake_is_told_to_use_http(String protocol) {
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  head("GET", "models")
                      + "Connection: Upgrade\r\nUpgrade: "
                      + protocol
                      + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
              .untilErrorEnds();

      assertThat(answer)
          .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
          .contains("\r\nUpgrade: HTTP/1.1\r\nConnection: Upgrade\r\n")
          .contains("X-Claviger-Error: upgrade_required")
          .contains("x-should-retry: false");
      assertThat(caller.send(head("GET", "models") + "\r\n").until("\r\n")).contains(" 200 ");
    }
    assertThat(rig.stub.requests())
        .singleElement()
        .satisfies(r -> assertThat(r.uri()).endsWith("/models"));
  }

  @Test
  void http_2_with_prior_knowledge_is_told_in_http_2_that_it_is_not_spoken() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");

      assertThat(caller.untilClosed())
          .startsWith("\0\0\0\4\0\0\0\0\0")
          .contains("\7\0\0\0\0\0\0\0\0\0\0\0\0\r")
          .endsWith("HTTP/1.1 only.");
    }
    assertThat(rig.authorizer.calls()).isEmpty();
  }

  private static String head(String method, String path) {
    return method
        + " "
        + SERVICE
        + path
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + Rig.TOKEN
        + "\r\n";
  }
}
