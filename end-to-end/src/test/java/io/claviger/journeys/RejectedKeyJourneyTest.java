package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.FormBrowser;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The owner of a key is told that the provider rejects the key, until the key works again or is
 * replaced.
 */
class RejectedKeyJourneyTest extends AliceAndBob {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private FormBrowser home = FormBrowser.of(node.api());

  @BeforeEach
  void signIn() {
    home = alice.signedIn();
  }

  @Test
  void a_call_tells_of_it_and_a_new_key_ends_it() {
    String service = lent("alice/replaced");
    FormBrowser borrowers = bob.signedIn();
    assertThat(home.open("/console").body()).doesNotContain(news(service));

    reject(service);

    awaitNews(service, true);
    assertThat(borrowers.open("/console").body()).doesNotContain(news(service));
    Map<String, Object> renewed =
        Map.of("api_key", journey.key("renewed"), "endpoint", journey.endpoint());
    alice.patch("/v1/llm-services/" + service, renewed).isStatus(200);
    assertThat(home.open("/console").body()).doesNotContain(news(service));
  }

  @Test
  void a_call_that_succeeds_ends_it() {
    String service = lent("alice/called");
    reject(service);
    awaitNews(service, true);

    bob.embed(service).isStatus(200);

    awaitNews(service, false);
  }

  @Test
  void a_check_that_succeeds_ends_it() {
    String service = lent("alice/checked");
    reject(service);
    awaitNews(service, true);

    alice.post("/v1/llm-services/" + service + "/check", Map.of()).isStatus(200);

    awaitNews(service, false);
  }

  private String lent(String service) {
    String lent = journey.service(alice, service);
    alice.share(lent, "bob", "reader").isStatus(201);
    return lent;
  }

  private static String news(String service) {
    return "Replace the key of " + service + ": the provider has rejected it since";
  }

  private void reject(String service) {
    assertThat(
            bob.post("/v1/llm-services/" + service + "/_try", Map.of("model", "stub-unauthorized"))
                .isStatus(200)
                .text("/error"))
        .isEqualTo("provider_rejected_key");
  }

  private void awaitNews(String service, boolean expected) {
    Duration unused =
        Eventually.holds(
            PATIENCE, () -> home.open("/console").body().contains(news(service)) == expected);
  }
}
