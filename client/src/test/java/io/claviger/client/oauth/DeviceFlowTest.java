package io.claviger.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests waiting until somebody has typed the code in a browser. */
class DeviceFlowTest {
  private static final String PENDING = "400 {\"error\": \"authorization_pending\"}";
  private static final String BUSY = "503 {\"error\": \"temporarily_unavailable\"}";
  private static final String RESET = "";
  private static final String BAD_GATEWAY = "502 <p>Bad gateway</p>";
  private static final String TOKENS =
      "200 {\"access_token\": \"clv_a\", \"refresh_token\": \"clvr_a\", \"expires_in\": 60,"
          + " \"scope\": \"use\"}";

  @AutoClose private final LocalHttp server = new LocalHttp();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();

  @BeforeEach
  void serve() {
    server.serve(
        "/oauth/device_authorization",
        exchange ->
            answer(
                exchange,
                "200 {\"verification_uri\": \"https://c.example/device\", \"user_code\":"
                    + " \"ABCD-EFGH\", \"device_code\": \"d\", \"expires_in\": 600, \"interval\": 5}"));
    server.serve(
        "/oauth/token",
        exchange -> answer(exchange, answers.size() > 1 ? answers.removeFirst() : answers.get(0)));
  }

  private static void answer(HttpExchange exchange, String answer) throws IOException {
    byte[] unused = exchange.getRequestBody().readAllBytes();
    if (answer.equals(RESET)) {
      exchange.close();
      return;
    }
    LocalHttp.answer(
        exchange,
        Integer.parseInt(answer.substring(0, 3)),
        answer.contains("<") ? "text/html" : "application/json",
        answer.substring(4).getBytes(StandardCharsets.UTF_8));
  }

  private DeviceFlow.Granted signIn(String... given) {
    answers.addAll(List.of(given));
    try (Api api = new Api(URI.create(server.url()), new Api.Fixed(Optional.empty()))) {
      return new DeviceFlow(api, Clock.systemUTC(), pauses::add)
          .signIn("use", new PrintWriter(Writer.nullWriter()));
    }
  }

  @Test
  void a_passing_failure_does_not_end_the_sign_in() {
    assertThat(signIn(PENDING, RESET, BUSY, BAD_GATEWAY, TOKENS).accessToken()).isEqualTo("clv_a");
    assertThat(pauses).extracting(Duration::toSeconds).containsExactly(5L, 5L, 10L, 20L, 40L);
  }

  @Test
  void a_server_that_stays_away_ends_the_sign_in() {
    assertThatThrownBy(() -> signIn(RESET))
        .isInstanceOf(ClientFault.class)
        .hasMessageContaining("does not answer as Claviger does");
    assertThat(pauses).extracting(Duration::toSeconds).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
  }

  @Test
  void a_denial_ends_the_sign_in() {
    assertThatThrownBy(() -> signIn(PENDING, "400 {\"error\": \"access_denied\"}"))
        .isInstanceOf(ClientFault.class)
        .hasMessageContaining("denied");
  }
}
