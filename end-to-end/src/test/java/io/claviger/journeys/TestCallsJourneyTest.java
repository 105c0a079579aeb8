package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A test call is a call as any other: what refuses calls refuses it, and it is counted. */
class TestCallsJourneyTest extends LentService {

  private TestResponse tried(Api caller) {
    return caller.post(LENT + "/_try", Map.of("model", "parrot-large")).isStatus(200);
  }

  private void limits(Map<String, ?> limits) {
    alice.patch(LENT, Map.of("limits", limits)).isStatus(200);
  }

  private void assertRefused(String code) {
    TestResponse refused = tried(bob);
    assertThat(refused.text("/status")).isEqualTo("refused");
    assertThat(refused.text("/error")).isEqualTo(code);
    assertThat(refused.text("/text")).isNotBlank();
    assertThat(journey.provider().requests()).isEmpty();
  }

  @Test
  void it_answers_with_the_key_of_the_service_and_stands_in_the_usage() {
    TestResponse answered = tried(bob);

    assertThat(answered.text("/status")).isEqualTo("ok");
    assertThat(answered.text("/key_source")).isEqualTo("central");
    assertThat(answered.at("/input_tokens").intValue()).isPositive();
    assertThat(answered.at("/embedding_size").intValue()).isPositive();
    assertThat(journey.credentials()).containsOnly("Bearer " + journey.key(SERVICE));
    Duration unused =
        Eventually.holds(
            Duration.ofSeconds(10),
            () -> bob.get("/v1/usage").body().contains("\"model\":\"parrot-large\""));
    assertThat(bob.get("/v1/users/bob/tokens").body()).doesNotContain("Test call");
  }

  @Test
  void a_budget_refuses_it() {
    limits(Map.of("budgets", List.of(Map.of("amount", 1, "unit", "requests", "window", "total"))));
    assertThat(tried(bob).text("/status")).isEqualTo("ok");

    TestResponse refused = tried(bob);

    assertThat(refused.text("/error")).isEqualTo("budget_exhausted");
    assertThat(refused.text("/text")).contains("1 request in all");
    assertThat(journey.provider().requests()).hasSize(1);
  }

  @Test
  void a_rate_refuses_it() {
    limits(Map.of("requests_per_minute", 1));
    assertThat(tried(bob).text("/status")).isEqualTo("ok");
    assertThat(tried(bob).text("/error")).isEqualTo("rate_limited");
  }

  @Test
  void a_limit_of_models_or_operations_refuses_it() {
    limits(Map.of("models", List.of("text-embedding-*")));
    assertRefused("model_not_allowed");
    limits(Map.of("operations", List.of("POST moderations")));
    assertRefused("operation_beyond_limits");
  }

  @Test
  void a_disabled_service_refuses_it() {
    alice.patch(LENT, Map.of("enabled", false)).isStatus(200);
    assertRefused("disabled");
  }

  @Test
  void a_service_without_a_key_refuses_it() {
    alice.patch(LENT, Collections.singletonMap("api_key", null)).isStatus(200);
    assertRefused("missing_api_key");
  }

  @Test
  void a_key_that_the_provider_rejects_is_told() {
    TestResponse rejected =
        bob.post(LENT + "/_try", Map.of("model", "stub-unauthorized")).isStatus(200);

    assertThat(rejected.text("/status")).isEqualTo("refused");
    assertThat(rejected.text("/error")).isEqualTo("provider_rejected_key");
  }

  @Test
  void who_lost_the_share_does_not_find_the_service() {
    alice.delete(LENT + "/shares/bob").isStatus(204);

    bob.post(LENT + "/_try", Map.of()).isStatus(404);
  }
}
