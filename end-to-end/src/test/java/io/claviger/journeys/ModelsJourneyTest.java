package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The catalogue shows each user the models that they can run now. */
class ModelsJourneyTest extends SharedNode {
  private static final String FIRST = "/v1/llm-services/_system/first";

  private Api alice = root;

  @BeforeEach
  void catalogue() {
    alice = journey.user(node, "alice");
    journey.service(root, "_system/first");
    model("large");
  }

  @Test
  void a_model_is_there_with_where_and_by_whose_key_it_runs() {
    TestResponse shown = alice.get("/v1/models").isStatus(200);

    assertThat(shown.items("model")).containsExactly("large");
    assertThat(shown.items("service")).containsExactly("_system/first");
    assertThat(shown.items("key_source")).containsExactly("central");
    assertThat(shown.items("is_default")).containsExactly("true");
    assertThat(shown.items("gateway_url"))
        .containsExactly(node.gateway() + "/gateway/services/_system/first");
    alice.embed("_system/first", Map.of("model", "large", "input", "Hello")).isStatus(200);
  }

  @Test
  void a_model_goes_and_comes_back_with_its_service_and_its_key() {
    root.patch(FIRST, Map.of("enabled", false)).isStatus(200);
    assertThat(alice.get("/v1/models").items("model")).isEmpty();
    assertThat(statuses()).containsExactly(Map.entry("large", "instance_disabled"));
    root.patch(FIRST, Map.of("enabled", true)).isStatus(200);
    assertThat(alice.get("/v1/models").items("model")).containsExactly("large");

    root.patch(FIRST, Collections.singletonMap("api_key", null)).isStatus(200);
    assertThat(alice.get("/v1/models").items("model")).isEmpty();
    assertThat(statuses()).containsExactly(Map.entry("large", "missing_api_key"));
  }

  @Test
  void where_users_bring_their_own_keys_each_sees_what_they_brought_one_for() {
    Api bob = journey.user(node, "bob");
    root.patch(FIRST, Map.of("key_policy", Policies.USER)).isStatus(200);
    assertThat(alice.get("/v1/models").items("model")).isEmpty();
    alice.storeKey("_system/first", journey.endpoint(), journey.key("alice")).isStatus(201);

    assertThat(alice.get("/v1/models").items("key_source")).containsExactly("user");
    assertThat(bob.get("/v1/models").items("model")).isEmpty();
    assertThat(statuses()).containsExactly(Map.entry("large", "user_api_key_required"));
  }

  @Test
  void a_disabled_model_is_nobodys_and_another_becomes_the_default() {
    String large = id("large");
    model("small");
    root.patch("/v1/model-configs/" + large, Map.of("enabled", false)).isStatus(200);

    TestResponse shown = alice.get("/v1/models");
    assertThat(shown.items("model")).containsExactly("small");
    assertThat(shown.items("is_default")).containsExactly("true");
    alice.get("/v1/model-configs").isProblem(403, "forbidden");
  }

  @Test
  void with_its_service_goes_a_bound_model_and_what_could_still_run_elsewhere_stays() {
    Map<String, Object> unbound = new HashMap<>();
    unbound.put("provider", "openai");
    unbound.put("model", "anywhere");
    unbound.put("display_name", "Anywhere");
    unbound.put("service", null);
    root.post("/v1/model-configs", unbound).isStatus(201);
    journey.service(root, "_system/second");
    assertThat(alice.get("/v1/models").items("service"))
        .containsExactly("_system/first", "_system/first");

    root.delete(FIRST).isStatus(204);
    assertThat(alice.get("/v1/models").items("model")).containsExactly("anywhere");
    assertThat(alice.get("/v1/models").items("service")).containsExactly("_system/second");
    assertThat(alice.get("/v1/models").items("is_default")).containsExactly("true");
    root.delete("/v1/llm-services/_system/second").isStatus(204);
    assertThat(alice.get("/v1/models").items("model")).isEmpty();
    assertThat(root.get("/v1/model-configs").items("model")).isEmpty();
    assertThat(
            journey.column(
                "select model from model_configs where deleted_at is not null and created_at >"
                    + " (select created_at from users where handle = 'alice') order by model"))
        .containsExactly("anywhere", "large");
  }

  private void model(String name) {
    root.post(
            "/v1/model-configs",
            Map.of("provider", "openai", "model", name, "display_name", "The " + name + " one"))
        .isStatus(201);
  }

  private String id(String model) {
    TestResponse all = root.get("/v1/model-configs");
    return all.items("id").get(all.items("model").indexOf(model));
  }

  private Map<String, String> statuses() {
    TestResponse all = root.get("/v1/model-configs");
    Map<String, String> statuses = new HashMap<>();
    for (int i = 0; i < all.items("model").size(); i++) {
      statuses.put(all.items("model").get(i), all.items("status").get(i));
    }
    return statuses;
  }
}
