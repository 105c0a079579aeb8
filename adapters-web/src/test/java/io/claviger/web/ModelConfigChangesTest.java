package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of the catalogue that are changed and deleted. */
class ModelConfigChangesTest {
  private static final String ALL = "/v1/model-configs";
  private static final Map<String, Object> GPT = Map.of("provider", "openai", "model", "gpt");
  @AutoClose private final Served served = Served.start();
  private final Client root =
      served.root().owning("/v1/llm-services/_system/house", Map.of("api_key", "sk-0123456789"));

  @Test
  void a_patch_keeps_what_it_does_not_name() {
    String path = root.post(ALL, GPT).header("Location");
    TestResponse patched = root.patch(path, Map.of("display_name", "New", "context_limit", 5));
    assertThat(patched.isStatus(200).text("/display_name")).isEqualTo("New");
    assertThat(patched.text("/service")).isEqualTo("_system/house");
    TestResponse unbound =
        root.patch(path, "{\"service\":null,\"context_limit\":null}").isStatus(200);
    assertThat(unbound.at("/service").isNull()).isTrue();
    assertThat(unbound.at("/context_limit").isNull()).isTrue();
    root.patch(path, Map.of("service", "_system/house")).isStatus(200);
    root.patch(path, "{\"provider\":null}").hasFaults("/provider not_nullable");
    root.patch(path, Map.of("provider", "mistral")).hasFaults("/service provider_differs");
  }

  @Test
  void one_model_is_always_the_default() {
    String first = root.post(ALL, GPT).header("Location");
    String second =
        root.post(ALL, Map.of("provider", "openai", "model", "other")).header("Location");
    root.patch(first, Map.of("is_default", false)).hasFaults("/is_default default_required");
    root.patch(second, Map.of("is_default", true)).isStatus(200);
    assertThat(root.get(first).at("/is_default").booleanValue()).isFalse();
    root.patch(first, Map.of("enabled", false));
    root.patch(first, Map.of("is_default", true)).hasFaults("/is_default not_allowed");
    root.patch(first, Map.of("enabled", true));
    root.delete(second).isStatus(204);
    assertThat(root.get(first).at("/is_default").booleanValue()).isTrue();
  }

  @Test
  void what_was_read_can_be_edited_and_sent_back() {
    String path = root.post(ALL, GPT).header("Location");
    String edited =
        root.get(path).body().replace("\"display_name\":\"gpt\"", "\"display_name\":\"New\"");
    assertThat(root.patch(path, edited).isStatus(200).text("/display_name")).isEqualTo("New");
  }

  @Test
  void read_only_fields_that_differ_are_named() {
    String path = root.post(ALL, GPT).header("Location");
    root.patch(
            path,
            "{\"id\":\"x\",\"status\":\"disabled\",\"created_by\":\"alice\",\"updated_by\":null,"
                + "\"created_at\":\"whenever\",\"updated_at\":null}")
        .hasReadOnly("id", "status", "created_by", "updated_by");
  }

  @Test
  void a_write_on_another_version_is_412() {
    TestResponse created = root.post(ALL, GPT);
    String path = created.header("Location");
    long version = created.at("/version").longValue();
    root.with("If-Match", "\"" + (version + 1) + "\"").patch(path, Map.of()).isStatus(412);
    root.patch(path, Map.of("version", version + 1, "display_name", "N")).isStatus(412);
    root.with("If-Match", "\"" + (version + 1) + "\"").delete(path).isStatus(412);
    TestResponse patched =
        root.with("If-Match", "\"" + version + "\"").patch(path, Map.of("display_name", "N"));
    assertThat(patched.isStatus(200).at("/version").longValue()).isEqualTo(version + 1);
    root.with("If-Match", "\"" + (version + 1) + "\"").delete(path).isStatus(204);
  }

  @Test
  void a_deleted_model_is_gone() {
    String path = root.post(ALL, GPT).header("Location");
    root.delete(path).isStatus(204);
    root.delete(path).isProblem(404, "not_found");
    root.get(path).isProblem(404, "not_found");
    root.patch(path, Map.of()).isProblem(404, "not_found");
    assertThat(root.get(ALL).at("/items").size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "01980000-0000-7000-8000-000000000003"})
  void an_id_that_is_none_is_404(String id) {
    root.get(ALL + "/" + id).isProblem(404, "not_found");
    root.patch(ALL + "/" + id, Map.of()).isProblem(404, "not_found");
    root.delete(ALL + "/" + id).isProblem(404, "not_found");
  }

  @Test
  void with_its_service_a_model_goes() {
    String path = root.post(ALL, GPT).header("Location");
    root.patch("/v1/llm-services/_system/house", Map.of("enabled", false));
    assertThat(root.get(path).text("/status")).isEqualTo("instance_disabled");
    root.delete("/v1/llm-services/_system/house").isStatus(204);
    root.get(path).isProblem(404, "not_found");
  }

  @Test
  void a_service_keeps_the_provider_of_its_models() {
    root.post(ALL, GPT);
    root.patch(
            "/v1/llm-services/_system/house",
            "{\"provider\":\"mistral\",\"endpoint\":\"https://api.openai.com/v1\"}")
        .isProblem(409, "in_use");
  }

  @Test
  void a_merge_patch_is_json_too_and_nothing_else_is() {
    String path = root.post(ALL, GPT).header("Location");
    root.with("Content-Type", "application/merge-patch+json")
        .send("PATCH", path, BodyPublishers.ofString("{\"enabled\":false}"))
        .isStatus(200);
    root.with("Content-Type", "application/merge-patch+json")
        .send("POST", ALL, BodyPublishers.ofString("{}"))
        .isProblem(415, "unsupported_media_type");
    root.put(path, GPT).isProblem(405, "method_not_allowed");
  }
}
