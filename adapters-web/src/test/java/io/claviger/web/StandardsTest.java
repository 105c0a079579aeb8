package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StandardsTest {
  private static final String PROXIED = "/v1/api-standards/proxied";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @Test
  void everybody_reads_the_seeded_standards() {
    TestResponse list = alice.get("/v1/api-standards");
    assertThat(list.at("/items").findValuesAsString("handle"))
        .isEqualTo(Seeds.STANDARDS.stream().map(standard -> standard.handle().value()).toList());
    TestResponse gemini = alice.get("/v1/api-standards/gemini");
    assertThat(gemini.text("/key_field")).isEqualTo("x-goog-api-key");
    assertThat(gemini.header("ETag")).isEqualTo("\"1\"");
    assertThat(alice.get("/v1/api-standards/none").at("/key_field").isNull()).isTrue();
  }

  @Test
  void what_is_left_out_is_as_the_format_has_it() {
    TestResponse created =
        root.put(PROXIED, Map.of("key_method", "custom_header", "key_field", "X-Proxy-Key"));
    created.isStatus(201);
    assertThat(created.text("/format")).isEqualTo("openai");
    assertThat(created.text("/key_field")).isEqualTo("x-proxy-key");
    assertThat(created.at("/operations"))
        .isEqualTo(root.get("/v1/api-standards/openai").at("/operations"));
  }

  @Test
  void a_whole_standard_is_kept_as_given_and_can_be_sent_back() {
    root.put(
            PROXIED,
            Map.of(
                "description",
                "A proxy",
                "format",
                "cohere",
                "key_method",
                "auth_bearer",
                "operations",
                List.of("POST v2/embed"),
                "request_headers",
                List.of("accept", "x-stainless-*"),
                "response_headers",
                List.of("content-type", "x-own-limit"),
                "query_parameters",
                List.of("page")))
        .isStatus(201);
    TestResponse shown = root.get(PROXIED);
    TestResponse again = root.put(PROXIED, shown.body()).isStatus(200);
    assertThat(again.json()).isEqualTo(shown.json());
  }

  @Test
  void post_does_what_put_does() {
    root.post(PROXIED, Map.of("key_method", "none")).isStatus(201);
    root.post(PROXIED, Map.of("key_method", "none")).isStatus(200);
  }

  @Test
  void faults_are_found_where_they_stand() {
    root.put(
            PROXIED,
            Map.of(
                "format", "soap",
                "key_method", "custom_header",
                "key_field", "Host",
                "operations", List.of("FETCH x", "POST ok"),
                "request_headers", List.of("Authorization"),
                "response_headers", List.of("date", "set-cookie"),
                "query_parameters", "all"))
        .hasFaults(
            "/format invalid_value",
            "/key_field invalid_value",
            "/operations/0 invalid_value",
            "/request_headers/0 invalid_value",
            "/response_headers/1 invalid_value",
            "/query_parameters wrong_type");
    root.put(PROXIED, Map.of()).hasFaults("/key_method required");
    root.put(PROXIED, Map.of("key_method", "none", "operations", List.of()))
        .hasFaults("/operations invalid_value");
  }

  @Test
  void a_handle_outside_its_rule_is_422_where_it_would_be_created() {
    root.put("/v1/api-standards/PROXIED", Map.of("key_method", "none"))
        .hasFaults("/handle invalid_value");
    root.put("/v1/api-standards/_system", Map.of("key_method", "none"))
        .hasFaults("/handle invalid_value");
    root.get("/v1/api-standards/PROXIED").isStatus(404);
    root.delete("/v1/api-standards/PROXIED").isStatus(404);
  }

  @Test
  void only_administrators_write() {
    alice.put(PROXIED, Map.of("key_method", "none")).isProblem(403, "forbidden");
    alice.delete("/v1/api-standards/none").isProblem(403, "forbidden");
  }

  @Test
  void one_in_use_can_not_be_deleted_nor_changed_but_in_its_description() {
    root.delete("/v1/api-standards/openai").isProblem(409, "in_use");
    root.put("/v1/api-standards/openai", Map.of("key_method", "none")).isProblem(409, "in_use");
    root.put("/v1/api-standards/openai", Map.of("key_method", "auth_bearer", "description", "New"))
        .isStatus(200);
  }

  @Test
  void one_that_nothing_uses_is_deleted() {
    root.put(PROXIED, Map.of("key_method", "none")).isStatus(201);
    root.delete(PROXIED).isStatus(204);
    root.delete(PROXIED).isProblem(404, "not_found");
  }
}
