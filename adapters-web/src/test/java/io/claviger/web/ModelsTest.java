package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The models that a caller can run. */
class ModelsTest {
  private static final String HOUSE = "/v1/llm-services/_system/house";
  private static final String ENDPOINT = "https://api.openai.com/v1";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @BeforeEach
  void start() {
    root.put(HOUSE, Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
        .isStatus(201);
    add("openai", "gpt");
  }

  @Test
  void a_model_says_where_it_runs_and_whose_key_it_uses() {
    TestResponse models = alice.get("/v1/models").isStatus(200);
    assertThat(models.at("/items/0").propertyNames())
        .containsExactly(
            "id",
            "provider",
            "model",
            "display_name",
            "is_default",
            "context_limit",
            "service",
            "key_source",
            "gateway_url");
    assertThat(models.text("/items/0/service")).isEqualTo("_system/house");
    assertThat(models.text("/items/0/key_source")).isEqualTo("central");
    assertThat(models.text("/items/0/gateway_url"))
        .isEqualTo(Served.GATEWAY + "/gateway/services/_system/house");
    assertThat(models.at("/items/0/is_default").booleanValue()).isTrue();
  }

  @Test
  void who_sends_no_token_is_told_how_to_send_one() {
    TestResponse refused = served.nobody().get("/v1/models").isProblem(401, "unauthorized");
    assertThat(refused.text("/detail")).contains("Authorization: Bearer");
  }

  @Test
  void only_what_one_can_run_is_listed() {
    add("anthropic", "claude");
    add("ollama", "llama");
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    String off = add("openai", "off");
    root.patch("/v1/model-configs/" + off, Map.of("enabled", false)).isStatus(200);
    assertThat(names(alice)).containsExactly("gpt", "llama");
    root.patch(HOUSE, Map.of("enabled", false));
    assertThat(names(alice)).containsExactly("llama");
  }

  @Test
  void a_model_for_users_keys_is_listed_for_who_stores_one() {
    root.patch(HOUSE, Map.of("key_policy", Map.of("user_keys", true)));
    assertThat(names(alice)).isEmpty();
    alice
        .put(HOUSE + "/user-key", Map.of("api_key", "sk-of-alice-alone", "endpoint", ENDPOINT))
        .isStatus(201);
    assertThat(alice.get("/v1/models").text("/items/0/key_source")).isEqualTo("user");
    assertThat(names(root)).isEmpty();
  }

  @Test
  void pages_count_what_is_shown() {
    for (int i = 0; i < 5; i++) {
      add("anthropic", "hidden" + i);
      add("openai", "m" + i);
    }
    List<String> seen = new ArrayList<>();
    String path = "/v1/models?limit=2";
    while (!path.isEmpty()) {
      TestResponse page = alice.get(path).isStatus(200);
      assertThat(page.at("/items").size()).isEqualTo(2);
      seen.addAll(page.at("/items").findValuesAsString("model"));
      path = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }
    assertThat(seen).containsExactly("gpt", "m0", "m1", "m2", "m3", "m4");
  }

  @Test
  void a_cursor_of_the_catalogue_is_none_of_this_list() {
    add("openai", "other");
    String cursor = root.get("/v1/model-configs?limit=1").text("/next_cursor");
    alice.get("/v1/models?cursor=" + cursor).hasFaults("/cursor invalid_value");
    alice.get("/v1/models?provider=openai").hasFaults("/provider unknown_parameter");
    alice.get("/v1/models?limit=0").hasFaults("/limit invalid_value");
  }

  @Test
  void the_list_says_why_a_model_can_not_be_run() {
    add("anthropic", "claude");
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    String off = add("openai", "off");
    root.patch("/v1/model-configs/" + off, Map.of("enabled", false)).isStatus(200);
    lend("lent");
    TestResponse all = alice.get("/v1/models?unavailable=true").isStatus(200);
    assertThat(all.items("model")).containsExactly("gpt", "claude");
    assertThat(all.at("/items/0/unavailable").isNull()).isTrue();
    assertThat(all.text("/items/0/key_source")).isEqualTo("central");
    assertThat(all.text("/items/1/unavailable")).isEqualTo("no_instance");
    assertThat(all.at("/items/1/service").isNull()).isTrue();
    assertThat(all.at("/items/1/gateway_url").isNull()).isTrue();

    root.patch(HOUSE, Map.of("key_policy", Map.of("user_keys", true)));
    assertThat(whyNot(alice)).isEqualTo("user_api_key_required");
    root.patch(HOUSE, Map.of("enabled", false));
    assertThat(whyNot(alice)).isEqualTo("instance_disabled");
    assertThat(alice.get("/v1/models?unavailable=true").text("/items/0/service"))
        .isEqualTo("_system/house");
    assertThat(names(alice)).isEmpty();
  }

  @Test
  void a_restricted_token_is_told_of_the_models_of_its_service_alone() {
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    add("ollama", "llama");
    add("anthropic", "claude");
    root.patch("/v1/llm-services/_system/box", Map.of("enabled", false));
    assertThat(
            using(Map.of("name", "n", "service", "_system/box"))
                .get("/v1/models?unavailable=true")
                .items("model"))
        .containsExactly("llama");
  }

  @Test
  void an_unbound_model_follows_the_oldest_service_that_the_caller_can_run() {
    Map<String, Object> unbound = new HashMap<>(Map.of("provider", "openai", "model", "free"));
    unbound.put("service", null);
    root.post("/v1/model-configs", unbound).isStatus(201);
    root.put("/v1/llm-services/_system/next", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    root.patch(HOUSE, Map.of("key_policy", Map.of("user_keys", true)));
    lend("lent");
    Client bob = served.user("bob");
    root.put("/v1/llm-services/_system/lent/shares/bob", Map.of("role", "reader")).isStatus(201);

    assertThat(names(alice)).isEmpty();
    assertThat(runsOn(bob)).isEqualTo("_system/lent");
    alice
        .put(HOUSE + "/user-key", Map.of("api_key", "sk-of-alice-alone", "endpoint", ENDPOINT))
        .isStatus(201);
    assertThat(runsOn(alice)).isEqualTo("_system/house");
    root.delete(HOUSE).isStatus(204);
    assertThat(names(alice)).isEmpty();
    assertThat(runsOn(bob)).isEqualTo("_system/lent");
    root.delete("/v1/llm-services/_system/next").isStatus(204);
    assertThat(runsOn(bob)).isEqualTo("_system/lent");
    root.delete("/v1/llm-services/_system/lent").isStatus(204);
    assertThat(root.get("/v1/model-configs").at("/items").size()).isZero();
  }

  @Test
  void administrators_list_and_restore_what_was_deleted() {
    String gpt = root.get("/v1/models").text("/items/0/id");
    String other = add("openai", "other");
    root.delete("/v1/model-configs/" + gpt).isStatus(204);
    root.delete("/v1/model-configs/" + other).isStatus(204);
    TestResponse deleted = root.get("/v1/models?deleted=true").isStatus(200);
    assertThat(deleted.items("name")).containsExactly("other", "gpt");
    assertThat(deleted.text("/items/1/deleted_by")).isEqualTo("root");
    assertThat(deleted.at("/items/1/deleted_at").isString()).isTrue();
    String next = root.get("/v1/models?deleted=true&limit=1").text("/next_cursor");
    assertThat(root.get("/v1/models?deleted=true&limit=1&cursor=" + next).items("name"))
        .containsExactly("gpt");
    alice.get("/v1/models?deleted=true").isProblem(403, "forbidden");

    TestResponse restored = root.post(restore(gpt), Map.of()).isStatus(200);
    assertThat(restored.at("/service").isNull()).isTrue();
    assertThat(restored.at("/is_default").booleanValue()).isTrue();
    assertThat(restored.text("/status")).isEqualTo("runnable");
    assertThat(restored.at("/version").longValue()).isGreaterThan(2);
    assertThat(names(alice)).containsExactly("gpt");
    assertThat(root.get("/v1/models?deleted=true").items("name")).containsExactly("other");
    assertThat(root.get("/v1/audit-events?action=model.restore").at("/items").size()).isEqualTo(1);
  }

  @Test
  void what_can_not_be_restored_is_refused_with_the_reason() {
    String gpt = root.get("/v1/models").text("/items/0/id");
    root.post(restore(gpt), Map.of()).isProblem(409, "not_deleted");
    root.delete("/v1/model-configs/" + gpt).isStatus(204);
    add("openai", "gpt");
    root.post(restore(gpt), Map.of()).isProblem(409, "name_taken");
    alice.post(restore(gpt), Map.of()).isProblem(403, "forbidden");
    root.post(restore("01980000-0000-7000-8000-000000000009"), Map.of())
        .isProblem(404, "not_found");
    root.post(restore(gpt), Map.of("name", "new")).isStatus(422);
    root.get("/v1/models?deleted=true&unavailable=true").hasFaults("/deleted invalid_value");
    root.get("/v1/models?deleted=yes").hasFaults("/deleted invalid_value");
  }

  @Test
  void a_token_of_scope_use_lists_them() {
    Client using = using(Map.of("name", "n", "scope", "use"));
    assertThat(names(using)).containsExactly("gpt");
  }

  @Test
  void a_restricted_token_lists_those_of_its_service() {
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    add("ollama", "llama");
    assertThat(names(using(Map.of("name", "n", "service", "_system/box"))))
        .containsExactly("llama");
    alice.put("/v1/projects/alice/p", Map.of("service", "_system/box")).isStatus(201);
    assertThat(names(using(Map.of("name", "p", "project", "alice/p")))).isEmpty();
  }

  @Test
  void nothing_is_written_here() {
    alice.post("/v1/models", Map.of()).isProblem(405, "method_not_allowed");
  }

  private String add(String provider, String model) {
    return root.post("/v1/model-configs", Map.of("provider", provider, "model", model))
        .isStatus(201)
        .text("/id");
  }

  private Client using(Map<String, Object> token) {
    return served.holding(alice.post("/v1/users/alice/tokens", token).text("/token"));
  }

  /** Adds a model that only holders of shares use, of whom there are none. */
  private void lend(String model) {
    root.put(
            "/v1/llm-services/_system/lent",
            Map.of(
                "definition",
                "_system/openai-large",
                "api_key",
                "sk-0123456789",
                "audience",
                "shared"))
        .isStatus(201);
    root.post(
            "/v1/model-configs",
            Map.of("provider", "openai", "model", model, "service", "_system/lent"))
        .isStatus(201);
  }

  private static String runsOn(Client caller) {
    TestResponse models = caller.get("/v1/models");
    int at = models.items("model").indexOf("free");
    return models.text("/items/" + at + "/service");
  }

  private static String restore(String model) {
    return "/v1/model-configs/" + model + "/restore";
  }

  private static String whyNot(Client caller) {
    return caller.get("/v1/models?unavailable=true").text("/items/0/unavailable");
  }

  private static List<String> names(Client caller) {
    return caller.get("/v1/models").at("/items").findValuesAsString("model");
  }
}
