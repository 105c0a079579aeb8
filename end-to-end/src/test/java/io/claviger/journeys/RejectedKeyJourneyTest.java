package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.FormBrowser;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A key that the provider rejects is told to its owner, until it works or is replaced. */
class RejectedKeyJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Journey JOURNEY = new Journey();
  private static final Node NODE = JOURNEY.startNode();
  private static final Api ALICE = JOURNEY.user(NODE, "alice");
  private static final Api BOB = JOURNEY.user(NODE, "bob");
  private static final FormBrowser HOME = ALICE.signedIn();

  @AfterAll
  static void nothing_leaked() {
    try (JOURNEY) {
      JOURNEY.assertNothingLeaked();
    }
  }

  @Test
  void a_call_tells_of_it_and_a_new_key_ends_it() {
    String service = lent("alice/replaced");
    FormBrowser borrowers = BOB.signedIn();
    assertThat(HOME.open("/console").body()).doesNotContain(news(service));

    reject(service);

    awaitNews(service, true);
    assertThat(borrowers.open("/console").body()).doesNotContain(news(service));
    Map<String, Object> renewed =
        Map.of("api_key", JOURNEY.key("renewed"), "endpoint", JOURNEY.endpoint());
    ALICE.patch("/v1/llm-services/" + service, renewed).isStatus(200);
    assertThat(HOME.open("/console").body()).doesNotContain(news(service));
  }

  @Test
  void a_call_that_succeeds_ends_it() {
    String service = lent("alice/called");
    reject(service);
    awaitNews(service, true);

    BOB.embed(service).isStatus(200);

    awaitNews(service, false);
  }

  @Test
  void a_check_that_succeeds_ends_it() {
    String service = lent("alice/checked");
    reject(service);
    awaitNews(service, true);

    ALICE.post("/v1/llm-services/" + service + "/check", Map.of()).isStatus(200);

    awaitNews(service, false);
  }

  private static String lent(String service) {
    String lent = JOURNEY.service(ALICE, service);
    ALICE.share(lent, "bob", "reader").isStatus(201);
    return lent;
  }

  private static String news(String service) {
    return "The provider rejects the key of " + service;
  }

  private static void reject(String service) {
    assertThat(
            BOB.post("/v1/llm-services/" + service + "/_try", Map.of("model", "stub-unauthorized"))
                .isStatus(200)
                .text("/error"))
        .isEqualTo("provider_rejected_key");
  }

  private static void awaitNews(String service, boolean expected) {
    Duration unused =
        Eventually.holds(
            PATIENCE, () -> HOME.open("/console").body().contains(news(service)) == expected);
  }
}
