package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.health.Readiness;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.InMemoryUseCases;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for anyone. */
class AboutTest {
  @AutoClose private static final Served SERVED = Served.start();

  @Test
  void the_manifest_names_the_version_and_where_to_go() {
    TestResponse manifest = SERVED.nobody().get("/v1");
    assertThat(manifest.text("/name")).isEqualTo("claviger");
    assertThat(manifest.text("/version")).isEqualTo("0.2.0-test");
    manifest
        .at("/links")
        .forEach(
            link ->
                SERVED.nobody().with("Authorization", "x").offContract().get(link.stringValue()));
  }

  @Test
  void the_start_page_leads_to_the_documentation_and_names_the_gateway() {
    TestResponse start = SERVED.nobody().get("/").isStatus(302);
    assertThat(start.header("Location")).isEqualTo("/docs");
    assertThat(start.text("/gateway")).isEqualTo(Served.GATEWAY + "/gateway");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gateway",
        "/gateway/services/alice/my-openai/embeddings",
        "/gateway/projects/alice/corpus/chat/completions"
      })
  void a_path_of_the_gateway_is_answered_with_its_address(String path) {
    TestResponse read = SERVED.nobody().offContract().get(path).isProblem(404, "not_found");
    assertThat(read.text("/detail")).contains(Served.GATEWAY + "/gateway");
    TestResponse call = SERVED.root().offContract().post(path, Map.of("model", "m"));
    assertThat(call.isProblem(404, "not_found").text("/detail")).contains(Served.GATEWAY);
    assertThat(call.text("/error/message")).isEqualTo(call.text("/detail"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/llm-nothing", "/v1/nothing", "/nothing"})
  void a_path_that_does_not_exist_leads_to_the_documentation(String path) {
    TestResponse read = SERVED.root().offContract().get(path).isProblem(404, "not_found");
    assertThat(read.text("/detail"))
        .contains("/docs", "Send calls to models to the gateway: " + Served.GATEWAY + "/gateway.");
  }

  /** The SDK has the API's address as its base URL. It prints only what `error` says. */
  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/messages", "/v1beta/models/m:countTokens"})
  void an_sdk_at_the_wrong_address_prints_the_gateways(String path) {
    TestResponse call =
        SERVED.nobody().offContract().post(path, Map.of("model", "m")).isProblem(404, "not_found");
    assertThat(call.text("/error/message"))
        .contains("Send calls to models to the gateway: " + Served.GATEWAY + "/gateway.");
    TestResponse other = SERVED.root().get("/v1/llm-services/nobody/none");
    assertThat(other.isProblem(404, "not_found").at("/error").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/",
        "/v1/me/",
        "/v1/users/alice/",
        "/health/ready/",
        "/docs/",
        "/v1/llm-services/alice/my-openai/"
      })
  void a_slash_too_many_at_the_end_of_a_path_is_named(String path) {
    TestResponse read = SERVED.root().offContract().get(path).isProblem(404, "not_found");
    assertThat(read.text("/detail")).contains("Remove the slash at the end");
  }

  @Test
  void a_running_process_is_live_and_ready() {
    SERVED.nobody().get("/health/live").isStatus(200);
    TestResponse ready = SERVED.nobody().get("/health/ready").isStatus(200);
    assertThat(ready.at("/checks").findValuesAsString("name"))
        .containsExactly("database", "schema", "encryption_keys");
  }

  @Test
  void one_failed_check_makes_it_unready_and_is_named() {
    try (Served failing = Served.start(s -> s, AboutTest::withWrongKeys)) {
      TestResponse ready = failing.nobody().get("/health/ready").isStatus(503);
      assertThat(ready.text("/status")).isEqualTo("failed");
      assertThat(ready.text("/checks/0/status")).isEqualTo("ok");
      assertThat(ready.text("/checks/1/status")).isEqualTo("failed");
      failing.nobody().get("/health/live").isStatus(200);
    }
  }

  @Test
  void figures_are_for_anyone_unless_a_token_is_set() {
    TestResponse metrics = SERVED.nobody().get("/metrics").isStatus(200);
    assertThat(metrics.body()).contains("up 1");
    assertThat(metrics.header("Content-Type")).startsWith("text/plain; version=0.0.4");
  }

  @Test
  void figures_are_for_who_presents_the_token_where_one_is_set() {
    try (Served closed = Served.start(Served::withMetricsToken, u -> u)) {
      closed.nobody().get("/metrics").isProblem(401, "unauthorized");
      TestResponse root = closed.root().get("/metrics").isProblem(401, "unauthorized");
      assertThat(root.text("/detail")).contains("CLAVIGER_METRICS_TOKEN");
      closed.holding("the-metrics-token").get("/metrics").isStatus(200);
    }
  }

  @Test
  void the_contract_is_served() {
    TestResponse contract = SERVED.nobody().get("/openapi.yaml").isStatus(200);
    assertThat(contract.body()).startsWith("openapi: 3.1.0");
    assertThat(contract.header("Cache-Control")).isNotEqualTo("no-store");
  }

  @Test
  void the_documentation_asks_for_nothing_that_is_not_served_here() {
    String page = SERVED.nobody().get("/docs").isStatus(200).body();
    assertThat(page).doesNotContain("http://", "https://");
    Matcher links = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page);
    int found = 0;
    while (links.find()) {
      SERVED.nobody().get(links.group(1)).isStatus(200);
      found++;
    }
    assertThat(found).isGreaterThan(4);
  }

  @ParameterizedTest
  @CsvSource({
    "try, text/html",
    "reference.js, text/javascript",
    "init.js, text/javascript",
    "page.css, text/css",
    "swagger-ui.css, text/css",
    "swagger-ui-bundle.js, text/javascript",
    "favicon-16x16.png, image/png",
    "favicon-32x32.png, image/png"
  })
  void what_the_page_is_made_of_has_its_type(String file, String type) {
    TestResponse reply = SERVED.nobody().get("/docs/" + file).isStatus(200);
    assertThat(reply.header("Content-Type")).startsWith(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"index.html", "try.html", "nothing.js", "swagger-ui.js"})
  void no_other_file_is_served(String file) {
    SERVED.nobody().get("/docs/" + file).isProblem(404, "not_found");
  }

  private static InMemoryUseCases withWrongKeys(InMemoryUseCases u) {
    return u.with(
        Readiness.class,
        () ->
            List.of(
                new Readiness.ReadinessCheck("database", true),
                new Readiness.ReadinessCheck("encryption_keys", false)));
  }
}
