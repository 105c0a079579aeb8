package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words in the keys say what the provider makes of them. */
final class BillingTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String BILLING = SERVICE + "/billing";
  private static final Map<String, ?> KEY = Map.of("api_key", "sk-admin-0123");

  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");

  @BeforeEach
  void start() {
    alice.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(201);
  }

  @Test
  void a_credential_is_stored_replaced_shown_without_its_key_and_deleted() {
    alice.get(BILLING).isProblem(404, "not_found");
    TestResponse first = alice.put(BILLING, KEY).isStatus(201);
    assertThat(first.header("Location")).isEqualTo(BILLING);
    assertThat(first.at("/kind").stringValue()).isEqualTo("openai");
    assertThat(first.at("/endpoint").stringValue()).isEqualTo("https://api.openai.com/v1");
    assertThat(first.at("/may_call_models").booleanValue()).isFalse();
    assertThat(first.at("/project").isNull()).isTrue();

    alice
        .put(
            BILLING,
            Map.of(
                "api_key", "sk-admin-4567",
                "endpoint", "https://billing.example/v1",
                "project", "proj_1",
                "api_key_id", "key_1"))
        .isStatus(200);
    TestResponse shown = alice.get(BILLING).isStatus(200);
    assertThat(shown.at("/endpoint").stringValue()).isEqualTo("https://billing.example/v1");
    assertThat(shown.at("/project").stringValue()).isEqualTo("proj_1");
    assertThat(shown.at("/api_key_id").stringValue()).isEqualTo("key_1");
    assertThat(shown.body()).doesNotContain("4567");

    String former = "\"" + first.at("/version") + "\"";
    String now = shown.header("ETag");
    assertThat(now).isEqualTo("\"" + shown.at("/version") + "\"").isNotEqualTo(former);
    alice.with("If-Match", former).put(BILLING, KEY).isStatus(412);
    alice.with("If-None-Match", "*").put(BILLING, KEY).isStatus(412);
    alice.with("If-Match", former).delete(BILLING).isStatus(412);
    alice.with("If-Match", now).delete(BILLING).isStatus(204);
    alice.delete(BILLING).isProblem(404, "not_found");
    alice.get(BILLING).isProblem(404, "not_found");
  }

  @Test
  void an_endpoint_that_a_co_owner_set_receives_no_key_unless_it_is_named() {
    Client bob = served.user("bob");
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    bob.patch(SERVICE, Map.of("endpoint", "https://bob.example/v1")).isStatus(200);

    alice.put(BILLING, KEY).hasFaults("/endpoint destination_required");
    // The provider was not asked, so it could not reject this key.
    alice
        .put(BILLING, Map.of("api_key", "sk-admin-key_rejected"))
        .hasFaults("/endpoint destination_required");
    alice.get(BILLING).isProblem(404, "not_found");

    alice
        .put(BILLING, Map.of("api_key", "sk-admin-0123", "endpoint", "https://api.openai.com/v1"))
        .isStatus(201);
    alice.patch(SERVICE, Map.of("endpoint", "https://api.openai.com/v1")).isStatus(200);
    alice.put(BILLING, KEY).isStatus(200);
  }

  @ParameterizedTest
  @CsvSource({
    "sk-admin-key_rejected, key_rejected, /api_key",
    "sk-admin-other_currency, other_currency, /endpoint",
    "sk-admin-other_zone, other_zone, /endpoint",
    "sk-admin-bill_unreadable, bill_unreadable, /endpoint",
    "sk-admin-address_not_allowed, address_not_allowed, /endpoint",
    "sk-admin-models, key_may_call_models, /may_do_more"
  })
  void a_key_with_which_figures_can_t_be_read_changes_nothing(
      String key, String code, String pointer) {
    TestResponse before = alice.put(BILLING, KEY).isStatus(201);
    TestResponse refused = alice.put(BILLING, Map.of("api_key", key)).isStatus(422);

    assertThat(refused.at("/errors/0/code").stringValue()).isEqualTo(code);
    assertThat(refused.at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
    assertThat(refused.body()).doesNotContain(key);
    assertThat(alice.get(BILLING).json()).isEqualTo(before.json());
  }

  @Test
  void a_key_that_may_call_models_is_stored_if_that_is_confirmed() {
    TestResponse stored =
        alice.put(BILLING, Map.of("api_key", "sk-admin-models", "may_do_more", true)).isStatus(201);

    assertThat(stored.at("/may_call_models").booleanValue()).isTrue();
    assertThat(stored.at("/warning").isNull()).isTrue();
  }

  @Test
  void a_provider_that_does_not_say_it_leaves_a_warning() {
    TestResponse stored = alice.put(BILLING, Map.of("api_key", "sk-admin-silent")).isStatus(201);

    assertThat(stored.at("/may_call_models").isNull()).isTrue();
    assertThat(stored.at("/warning").stringValue()).contains("does not say");
  }

  @Test
  void what_does_not_fit_the_provider_is_refused() {
    alice
        .put(BILLING, Map.of("api_key", "sk-admin-0123", "workspace", "w"))
        .isProblem(422, "not_allowed");
    alice
        .put(BILLING, Map.of("api_key", "sk-admin-0123", "project", "a b"))
        .isProblem(422, "invalid_value");
    alice.put(BILLING, Map.of()).isProblem(422, "required");
    alice.put("/v1/llm-services/alice/c", Map.of("provider", "cohere", "model", "m")).isStatus(201);
    TestResponse none = alice.put("/v1/llm-services/alice/c/billing", KEY).isStatus(422);
    assertThat(none.at("/errors/0/code").stringValue()).isEqualTo("no_billing_api");
  }

  @Test
  void so_many_keys_are_checked_in_a_minute() {
    for (int i = 0; i < 6; i++) {
      assertThat(alice.put(BILLING, KEY).status()).isBetween(200, 201);
    }
    assertThat(alice.put(BILLING, KEY).isProblem(429, "rate_limited").header("Retry-After"))
        .isNotEmpty();
  }
}
