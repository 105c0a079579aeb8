package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.testkit.http.LocalHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to a server that asks for fewer of them. */
class RequestSenderTest {
  private static final String TOO_MANY =
      "{\"type\": \"urn:claviger:problem:rate_limited\", \"detail\": \"too many\"}";

  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LocalHttp server = new LocalHttp(threads);
  private final Api api = new Api(URI.create(server.url()), new Api.Fixed(Optional.empty()));
  private final RequestSender requests = new RequestSender(api);
  private volatile int refusals;
  private volatile String retryAfter = "";

  @BeforeEach
  void serve() {
    server.serve("/", this::answer);
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean refused = asked.incrementAndGet() <= refusals;
    byte[] body = (refused ? TOO_MANY : "{\"done\": true}").getBytes(StandardCharsets.UTF_8);
    if (refused) {
      exchange.getResponseHeaders().add("Retry-After", retryAfter);
    }
    LocalHttp.answer(exchange, refused ? 429 : 200, "application/json", body);
  }

  @AfterEach
  void stop() {
    requests.close();
    api.close();
    server.close();
    threads.shutdownNow();
  }

  @Test
  void a_request_is_sent_again_after_the_time_that_the_server_names() {
    refusals = 1;
    retryAfter = "1";
    long begun = System.nanoTime();

    assertThat(requests.send(client -> client.get("/v1/me")).path("done").asBoolean()).isTrue();

    assertThat(asked).hasValue(2);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void all_requests_that_are_on_their_way_wait_and_are_answered_in_order() {
    refusals = 8;
    retryAfter = "0";
    List<RequestSender.ApiRequest<Integer>> twenty =
        IntStream.range(0, 20)
            .<RequestSender.ApiRequest<Integer>>mapToObj(
                n -> client -> client.get("/v1/" + n).path("done").asBoolean() ? n : -1)
            .toList();

    assertThat(requests.sendAll(twenty))
        .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    assertThat(asked).hasValue(28);
  }

  @Test
  void nobody_waits_longer_than_two_minutes() {
    refusals = 1;
    retryAfter = "121";

    assertThatThrownBy(() -> requests.send(client -> client.get("/v1/me")))
        .isInstanceOf(ApiRefusal.class)
        .hasMessageContaining("too many");
    assertThat(asked).hasValue(1);
  }
}
