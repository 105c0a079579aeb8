package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.host.DatabaseAddress;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Connection checks use the key that a call would use. */
class ChecksJourneyTest extends LentService {

  @Test
  void the_provider_is_called_and_asked_for_its_models_with_the_key_of_the_service() {
    TestResponse checked = bob.check("alice/lent").isStatus(200);

    assertThat(checked.text("/status")).isEqualTo("ok");
    assertThat(checked.at("/http_status").intValue()).isEqualTo(200);
    assertThat(checked.at("/latency_ms").isIntegralNumber()).isTrue();
    assertThat(journey.provider().requests())
        .extracting(RecordedRequest::uri)
        .containsExactly("/v1/models", "/v1/models");
    assertThat(journey.credentials()).containsOnly("Bearer " + journey.key("alice/lent"));

    assertThat(bob.check("alice/lent").text("/status")).isEqualTo("ok");
    assertThat(journey.provider().requests()).hasSize(3);
  }

  @Test
  void after_a_check_the_models_of_the_provider_can_be_called_by_their_names() {
    String model = "parrot-large";
    assertThat(named(alice)).doesNotContain(model);

    assertThat(alice.check("alice/lent").text("/status")).isEqualTo("ok");

    // The list that was shown first may have begun to ask the provider before the check did.
    Duration unused = Eventually.holds(Duration.ofSeconds(10), () -> named(alice).contains(model));
    alice.callModel("openai/v1/embeddings", Map.of("model", model, "input", "hello")).isStatus(200);
  }

  private static List<String> named(Api caller) {
    return caller.listModels("openai/v1/models").at("/data").findValuesAsString("id");
  }

  @Test
  void azure_is_asked_for_its_models_below_the_url_of_the_resource() {
    String key = journey.key("azure");
    Map<String, Object> azure =
        Map.of(
            "provider",
            "azure",
            "endpoint",
            journey.provider().baseUrl().toString(),
            "model",
            "gpt",
            "api_key",
            key);
    alice.put("/v1/llm-services/alice/azure", azure).isStatus(201);

    assertThat(alice.check("alice/azure").text("/status")).isEqualTo("ok");
    assertThat(journey.provider().requests())
        .hasSize(2)
        .allSatisfy(
            request -> {
              assertThat(request.uri()).isEqualTo("/openai/models?api-version=2024-10-21");
              assertThat(request.header("api-key")).isEqualTo(key);
            });
  }

  @Test
  void what_the_provider_says_is_told_in_one_word_and_nothing_of_it_passed_on() {
    assertThat(checkedAs("stub-unauthorized")).isEqualTo("unauthorized");
    assertThat(checkedAs("stub-redirect")).isEqualTo("error");
    assertThat(checkedAs("stub-status-500")).isEqualTo("error");
    alice.patch("/v1/llm-services/alice/lent", Map.of("timeout_ms", 200)).isStatus(200);
    assertThat(checkedAs("stub-slow-first-byte-60000")).isEqualTo("timeout");
  }

  private String checkedAs(String behaviour) {
    journey.provider().respondNextWith(Behaviour.named(behaviour));
    TestResponse checked = bob.check("alice/lent").isStatus(200);
    assertThat(checked.body()).doesNotContain("Incorrect", "redirected", "asked for");
    return checked.text("/status");
  }

  @Test
  void each_checks_with_their_own_key_where_users_bring_one() {
    alice.patch("/v1/llm-services/alice/lent", Map.of("key_policy", Policies.USER)).isStatus(200);
    TestResponse without = bob.check("alice/lent").isStatus(200);
    assertThat(without.text("/status")).isEqualTo("no_key");
    assertThat(without.text("/reason")).isEqualTo("user_api_key_required");
    assertThat(without.at("/http_status").isNull()).isTrue();
    assertThat(journey.provider().requests()).isEmpty();

    bob.storeKey("alice/lent", journey.endpoint(), journey.key("bob")).isStatus(201);
    assertThat(bob.check("alice/lent").text("/status")).isEqualTo("ok");
    assertThat(journey.credentials()).containsOnly("Bearer " + journey.key("bob"));
  }

  @Test
  void only_who_can_use_a_service_checks_it() {
    journey.user(node, "carol").check("alice/lent").isProblem(404, "not_found");
    root.check("alice/lent").isProblem(403, "forbidden");
    root.checkAll("alice").isProblem(404, "not_found");
    assertThat(journey.provider().requests()).isEmpty();
  }

  @Test
  void all_that_one_can_use_is_checked_at_once() {
    StubProvider gone = StubProvider.start();
    gone.close();
    service("bob/closed", gone.baseUrl());
    service("bob/own", journey.endpoint());
    bob.put("/v1/llm-services/bob/keyless", Map.of("definition", "_system/openai-small"))
        .isStatus(201);
    journey.service(root, "_system/all");

    TestResponse checked = bob.checkAll("bob").isStatus(200);
    assertThat(checked.items("service"))
        .containsExactly("_system/all", "alice/lent", "bob/closed", "bob/keyless", "bob/own");
    assertThat(checked.items("status")).containsExactly("ok", "ok", "unreachable", "no_key", "ok");
    assertThat(journey.credentials())
        .containsOnly(
            "Bearer " + journey.key("_system/all"),
            "Bearer " + journey.key("alice/lent"),
            "Bearer " + journey.key("bob/own"));
  }

  private void service(String ref, String endpoint) {
    bob.put(
            "/v1/llm-services/" + ref,
            Map.of(
                "definition",
                "_system/openai-small",
                "endpoint",
                endpoint,
                "api_key",
                journey.key(ref)))
        .isStatus(201);
  }

  @Test
  void one_state_of_a_service_follows_the_last_check_or_call() {
    String service = "/v1/llm-services/alice/lent";
    assertThat(alice.get(service).text("/state")).isEqualTo("ready");

    journey.provider().respondNextWith(Behaviour.named("stub-unauthorized"));
    assertThat(alice.check("alice/lent").text("/status")).isEqualTo("unauthorized");
    assertThat(alice.get(service).text("/state")).isEqualTo("key_rejected");
    assertThat(bob.get(service).text("/state")).isEqualTo("key_rejected");

    alice.embed("alice/lent").isStatus(200);
    Eventually.holds(Eventually.SOON, () -> alice.get(service).text("/state").equals("ready"));

    String gone = "/v1/llm-services/alice/gone";
    Map<String, Object> fields =
        Map.of(
            "provider",
            "openai",
            "endpoint",
            "https://nowhere.invalid/v1",
            "model",
            "m",
            "api_key",
            journey.key("gone"));
    alice.put(gone, fields).isStatus(201);
    alice.embed("alice/gone").isRefused(502, "provider_unreachable");
    assertThat(alice.get(gone).text("/state")).isEqualTo("unreachable");
  }

  @Test
  void no_check_reaches_claviger_itself_or_its_database() {
    List<URI> listeners = new ArrayList<>(List.of(node.api(), node.gateway()));
    DatabaseAddress database =
        DatabaseAddress.of(journey.environment().getOrDefault("DATABASE_URL", ""));
    for (int port : database.localPorts()) {
      listeners.add(URI.create("http://127.0.0.1:" + port));
    }
    for (URI own : listeners) {
      String ref = "_system/inward-" + own.getPort();
      root.put(
              "/v1/llm-services/" + ref,
              Map.of(
                  "definition",
                  "_system/openai-small",
                  "endpoint",
                  own.toString(),
                  "api_key",
                  journey.key("inward")))
          .isStatus(201);
      TestResponse checked = alice.check(ref).isStatus(200);
      assertThat(checked.text("/status")).isEqualTo("unreachable");
      assertThat(checked.at("/http_status").isNull()).isTrue();
    }
  }
}
