package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.LogCapture;
import io.claviger.web.served.Served;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** How many requests a minute are taken: of a user, and of an address without an access token. */
@Isolated("It reads the log of the whole JVM.")
class RatesTest {
  private static final int PER_MINUTE = 20;
  @AutoClose private Served served;

  @BeforeEach
  void start() {
    served =
        Served.start(Served.limited(limits -> limits.withRequestsPerMinute(PER_MINUTE)), u -> u);
  }

  @Test
  void a_user_who_makes_too_many_requests_is_told_to_wait_and_others_are_served() {
    Client alice = served.user("alice");
    assertRefusedInTheEnd(() -> alice.get("/v1/me"));
    served.root().get("/v1/me").isStatus(200);
  }

  @Test
  void all_tokens_of_a_user_count_together() {
    Client alice = served.user("alice");
    Client other =
        served.holding(
            alice.post("/v1/users/alice/tokens", Map.of("name", "other")).text("/token"));
    assertRefusedInTheEnd(() -> alice.get("/v1/me"));
    other.get("/v1/me").isProblem(429, "rate_limited");
  }

  @Test
  void an_administrator_has_a_rate_too() {
    assertRefusedInTheEnd(() -> served.root().get("/v1/users"));
  }

  @Test
  void requests_without_a_token_are_counted_by_address_and_those_with_one_are_not() {
    assertRefusedInTheEnd(() -> served.nobody().get("/v1"));
    served.nobody().get("/v1/me").isProblem(429, "rate_limited");
    served.nobody().offContract().get("/nothing").isProblem(429, "rate_limited");
    served.root().get("/v1/me").isStatus(200);
  }

  @Test
  void a_made_up_token_opens_no_way_around_the_rate_of_an_address() {
    Client pretender = served.holding("made-up");
    assertRefusedInTheEnd(() -> pretender.get("/v1"));
    pretender.offContract().get("/nothing").isProblem(429, "rate_limited");
    pretender
        .offContract()
        .send("BREW", "/v1/users", BodyPublishers.noBody())
        .isProblem(429, "rate_limited");
  }

  @Test
  void what_is_refused_for_its_number_leaves_no_line_in_the_log() {
    try (LogCapture log = LogCapture.begin()) {
      assertRefusedInTheEnd(() -> served.nobody().get("/v1"));
      served.root().get("/v1/me").isStatus(200);
      log.await("GET /v1/me 200");
      log.await("GET /v1 429");
      assertThat(log.everything().lines())
          .anyMatch(line -> line.startsWith("INFO") && line.contains("GET /v1 200"))
          .noneMatch(line -> line.startsWith("INFO") && line.contains(" 429 "));
    }
  }

  @Test
  void whether_it_runs_is_always_told_and_whether_it_can_serve_is_counted_apart() {
    assertRefusedInTheEnd(() -> served.nobody().get("/v1"));
    served.nobody().get("/health/ready").isStatus(200);
    assertRefusedInTheEnd(() -> served.nobody().get("/health/ready"));
    for (int i = 0; i < 3 * PER_MINUTE; i++) {
      served.nobody().get("/health/live").isStatus(200);
    }
  }

  @Test
  void behind_a_proxy_each_address_has_its_own_rate() {
    served.close();
    served =
        Served.start(
            s ->
                Served.behindProxy(
                    Served.limited(limits -> limits.withRequestsPerMinute(PER_MINUTE)).apply(s)),
            u -> u);
    assertRefusedInTheEnd(() -> served.nobody().with("X-Forwarded-For", "192.0.2.1").get("/v1"));
    served.nobody().with("X-Forwarded-For", "192.0.2.2").get("/v1").isStatus(200);
  }

  private static void assertRefusedInTheEnd(Supplier<TestResponse> request) {
    TestResponse reply = request.get();
    for (int i = 0; i < 100 * PER_MINUTE && reply.status() == 200; i++) {
      reply = request.get();
    }
    reply.isProblem(429, "rate_limited");
    assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 60);
    assertThat(reply.text("/detail")).contains("again in " + reply.header("Retry-After") + " s");
  }
}
