package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models of the catalogue with names and several targets. */
class ModelTargetsTest {
  private static final String ALL = "/v1/model-configs";
  private static final Map<String, Object> ONE = target("_system/one", "a");
  private static final Map<String, Object> TWO = target("_system/two", "b");

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @BeforeEach
  void start() {
    for (String handle : List.of("one", "two")) {
      root.put(
              "/v1/llm-services/_system/" + handle,
              Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
          .isStatus(201);
    }
    root.put(
            "/v1/llm-services/_system/claude",
            Map.of(
                "provider",
                "anthropic",
                "model",
                "claude",
                "endpoint",
                "https://api.anthropic.com",
                "api_key",
                "sk-0123456789"))
        .isStatus(201);
  }

  private static Map<String, Object> target(String service, String model) {
    return Map.of("service", service, "model", model);
  }

  private TestResponse create(Object... targets) {
    return root.post(ALL, Map.of("targets", List.of(targets)));
  }

  @Test
  void the_first_target_says_service_provider_and_model() {
    TestResponse created =
        root.post(ALL, Map.of("name", "fast", "on_failure", "next", "targets", List.of(ONE, TWO)))
            .isStatus(201);

    assertThat(created.text("/provider")).isEqualTo("openai");
    assertThat(created.text("/model")).isEqualTo("a");
    assertThat(created.text("/service")).isEqualTo("_system/one");
    assertThat(created.text("/name")).isEqualTo("fast");
    assertThat(created.text("/format")).isEqualTo("openai");
    assertThat(created.text("/on_failure")).isEqualTo("next");
    assertThat(created.text("/targets/1/service")).isEqualTo("_system/two");
    assertThat(created.text("/targets/1/status")).isEqualTo("runnable");
  }

  @Test
  void what_was_read_can_be_sent_back() {
    TestResponse created = create(ONE, TWO).isStatus(201);
    String path = created.header("Location");

    TestResponse patched = root.patch(path, created.body()).isStatus(200);

    assertThat(patched.at("/version").intValue()).isEqualTo(created.at("/version").intValue());
  }

  @Test
  void without_a_name_it_is_that_of_the_provider_and_a_taken_one_is_refused() {
    assertThat(create(ONE).text("/name")).isEqualTo("a");
    assertThat(create(target("_system/two", "a")).text("/name")).isEqualTo("a~2");
    root.post(ALL, Map.of("name", "a", "targets", List.of(TWO))).isProblem(409, "name_taken");
    TestResponse claude = create(target("_system/claude", "a"));
    assertThat(claude.text("/name")).isEqualTo("a");
    assertThat(claude.text("/format")).isEqualTo("anthropic");
    TestResponse other = create(TWO).isStatus(201);
    root.patch(other.header("Location"), Map.of("name", "a~2")).isProblem(409, "name_taken");
    root.patch(other.header("Location"), Map.of("name", "c")).isStatus(200);
  }

  @Test
  void targets_are_replaced_whole_and_an_empty_list_unbinds() {
    String path = create(ONE, TWO).isStatus(201).header("Location");

    TestResponse swapped = root.patch(path, Map.of("targets", List.of(TWO, ONE))).isStatus(200);
    assertThat(swapped.text("/service")).isEqualTo("_system/two");
    assertThat(swapped.text("/model")).isEqualTo("b");

    TestResponse unbound = root.patch(path, Map.of("targets", List.of())).isStatus(200);
    assertThat(unbound.at("/service").isNull()).isTrue();
    assertThat(unbound.at("/targets").size()).isZero();
  }

  @Test
  void a_new_service_takes_the_place_of_the_first_target() {
    String path = create(ONE, TWO).isStatus(201).header("Location");

    TestResponse moved = root.patch(path, Map.of("service", "_system/two")).isStatus(200);

    assertThat(moved.text("/targets/0/service")).isEqualTo("_system/two");
    assertThat(moved.text("/targets/0/model")).isEqualTo("a");
    assertThat(moved.text("/targets/1/service")).isEqualTo("_system/two");
    root.patch(path, Map.of("model", "b")).hasFaults("/model duplicate");
    root.patch(path, Map.of("service", "_system/claude", "provider", "anthropic"))
        .hasFaults("/service format_differs");
  }

  @Test
  void nine_targets_are_too_many() {
    List<Object> nine = new ArrayList<>();
    for (int n = 0; n < 9; n++) {
      nine.add(target("_system/one", "m" + n));
    }
    create(nine.toArray()).hasFaults("/targets invalid_value");
    assertThat(create(nine.subList(0, 8).toArray()).isStatus(201).at("/targets").size())
        .isEqualTo(8);
  }

  @Test
  void targets_are_different_system_level_services_of_one_format() {
    alice.put(
        "/v1/llm-services/alice/s",
        Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"));
    root.put("/v1/llm-services/alice/s/shares/root", Map.of("role", "reader"));
    root.put(
        "/v1/llm-services/_system/off",
        Map.of("definition", "_system/openai-large", "enabled", false));

    create(ONE, ONE).hasFaults("/targets/1 duplicate");
    create(ONE, target("alice/s", "m")).hasFaults("/targets/1/service not_allowed");
    create(ONE, target("_system/claude", "m")).hasFaults("/targets/1/service format_differs");
    create(ONE, target("_system/off", "m")).hasFaults("/targets/1/service service_disabled");
    create(ONE, target("_system/none", "m")).hasFaults("/targets/1/service unknown_reference");
    create(target("_system/one", "")).hasFaults("/targets/0/model invalid_value");
    create(Map.of("service", "_system/one")).hasFaults("/targets/0/model required");
    create("x").hasFaults("/targets/0 wrong_type");
    root.post(ALL, Map.of("targets", List.of(ONE), "model", "other", "service", "_system/two"))
        .hasFaults("/service not_allowed", "/model not_allowed");
  }

  @Test
  void a_name_is_one_line_of_256_characters_at_most() {
    for (String name : List.of("", " ", "a\nb", "a\u0007", "x".repeat(257), "x".repeat(1 << 19))) {
      root.post(ALL, Map.of("name", name, "targets", List.of(ONE)))
          .hasFaults("/name invalid_value");
    }
    root.post(ALL, Map.of("name", "alice/s", "targets", List.of(ONE))).isStatus(201);
    root.post(ALL, Map.of("on_failure", "retry", "targets", List.of(ONE)))
        .hasFaults("/on_failure invalid_value");
  }

  @Test
  void a_deleted_service_leaves_the_next_target_in_its_place() {
    String path = create(ONE, TWO).isStatus(201).header("Location");
    String alone = create(target("_system/one", "c")).isStatus(201).header("Location");

    root.delete("/v1/llm-services/_system/one").isStatus(204);

    TestResponse left = root.get(path).isStatus(200);
    assertThat(left.text("/service")).isEqualTo("_system/two");
    assertThat(left.text("/model")).isEqualTo("b");
    assertThat(left.at("/targets").size()).isEqualTo(1);
    root.get(alone).isStatus(404);
  }

  @Test
  void a_user_is_shown_the_first_target_that_they_can_call() {
    TestResponse created = create(ONE, TWO).isStatus(201);
    root.patch("/v1/llm-services/_system/one", Map.of("enabled", false)).isStatus(200);

    TestResponse shown = alice.get("/v1/models").isStatus(200);

    assertThat(shown.text("/items/0/service")).isEqualTo("_system/two");
    assertThat(shown.text("/items/0/model")).isEqualTo("b");
    assertThat(root.get(created.header("Location")).text("/status")).isEqualTo("runnable");
  }

  @Test
  void a_target_keeps_its_format() {
    String path = create(ONE, TWO).isStatus(201).header("Location");

    root.patch("/v1/llm-services/_system/two", "{\"api_standard\":\"ollama\",\"api_key\":null}")
        .isProblem(409, "in_use");
    assertThat(root.get(path).at("/targets").size()).isEqualTo(2);
  }
}
