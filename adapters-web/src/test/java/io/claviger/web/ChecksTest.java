package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String CHECK = SERVICE + "/check";
  private static final String ALL = "/v1/llm-services/alice/_check";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served.user("alice").owning(SERVICE, Map.of("api_key", "sk-0123456789"));
  private final Client bob = served.user("bob");

  @Test
  void a_provider_that_takes_the_key_is_ok() {
    TestResponse check = alice.post(CHECK).isStatus(200);
    assertThat(check.json().propertyNames())
        .containsExactly("status", "http_status", "latency_ms", "checked_at", "reason", "steps");
    assertThat(check.text("/status")).isEqualTo("ok");
    assertThat(check.at("/http_status").intValue()).isEqualTo(200);
    assertThat(check.at("/latency_ms").intValue()).isEqualTo(12);
    assertThat(check.at("/reason").isNull()).isTrue();
    assertThat(served.ports().probe().asked()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"UNAUTHORIZED, 401", "ERROR, 500", "UNREACHABLE,", "TIMEOUT,"})
  void whatever_came_of_it_is_an_answer(ConnectionStatus status, Integer httpStatus) {
    OptionalInt code = httpStatus == null ? OptionalInt.empty() : OptionalInt.of(httpStatus);
    served
        .ports()
        .probe()
        .answers(new Probed(status, code, Duration.ofMillis(5), false, Optional.empty()));
    TestResponse check = alice.post(CHECK).isStatus(200);
    assertThat(check.text("/status")).isEqualTo(status.wireName());
    assertThat(check.at("/http_status").isNull()).isEqualTo(httpStatus == null);
  }

  @Test
  void a_destination_that_is_not_allowed_is_told() {
    served
        .ports()
        .probe()
        .answers(
            new Probed(
                ConnectionStatus.UNREACHABLE,
                OptionalInt.empty(),
                Duration.ofMillis(5),
                true,
                Optional.empty()));
    TestResponse check = alice.post(CHECK).isStatus(200);
    assertThat(check.text("/status")).isEqualTo("unreachable");
    assertThat(check.text("/reason")).isEqualTo("destination_not_allowed");
  }

  @Test
  void a_draft_is_checked_with_its_own_key_and_not_stored() {
    String draft = "/v1/llm-services/alice/draft";
    Map<String, Object> body =
        Map.of("definition", "_system/openai-large", "api_key", "sk-of-the-draft");
    served
        .ports()
        .probe()
        .answers(
            new Probed(
                ConnectionStatus.UNAUTHORIZED,
                OptionalInt.of(401),
                Duration.ZERO,
                false,
                Optional.empty()));

    TestResponse check = alice.post(draft + "/draft/check", body).isStatus(200);

    assertThat(check.text("/status")).isEqualTo("unauthorized");
    assertThat(check.body()).doesNotContain("sk-of-the-draft");
    assertThat(served.ports().probe().asked())
        .singleElement()
        .satisfies(asked -> assertThat(asked.key()).contains("sk-of-the-draft"));
    alice.get(draft).isStatus(404);
    assertThat(alice.post(SERVICE + "/draft/check", body).isStatus(412).text("/detail"))
        .contains("exists already");
    alice.post(draft + "/draft/check", "{\"modle\":\"m\"}").hasFaults("/modle unknown_field");
    bob.post(draft + "/draft/check", body).isStatus(403);
  }

  @Test
  void without_a_key_nobody_is_called() {
    alice.patch(SERVICE, "{\"api_key\":null}");
    TestResponse check = alice.post(CHECK).isStatus(200);
    assertThat(check.text("/status")).isEqualTo("no_key");
    assertThat(check.text("/reason")).isEqualTo("missing_api_key");
    assertThat(check.at("/latency_ms").isNull()).isTrue();
    assertThat(served.ports().probe().asked()).isEmpty();
  }

  @Test
  void an_empty_object_is_as_good_as_no_body() {
    alice.post(CHECK, "{}").isStatus(200);
    alice.post(CHECK, "").isStatus(200);
    alice.post(ALL, "{}").isStatus(200);
    alice
        .send(
            "POST",
            CHECK,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[0])))
        .isStatus(200);
    alice
        .with("Content-Type", "application/json")
        .send(
            "POST",
            CHECK,
            BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8))))
        .isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {CHECK, ALL})
  void any_other_body_is_refused(String path) {
    alice.post(path, Map.of("model", "m")).hasFaults("/model unknown_field");
    alice.post(path, "[]").isStatus(422);
    alice.post(path, "{").isProblem(400, "malformed_json");
    alice
        .send("POST", path, BodyPublishers.ofString("{}"))
        .isProblem(415, "unsupported_media_type");
    alice.post(path, " ".repeat(1_048_577)).isProblem(413, "content_too_large");
    assertThat(served.ports().probe().asked()).isEmpty();
  }

  @Test
  void more_checks_than_a_service_allows_are_429_and_told_beside_others_of_many() {
    for (int i = 0; i < 6; i++) {
      alice.post(CHECK).isStatus(200);
    }

    TestResponse refused = alice.post(CHECK).isProblem(429, "rate_limited");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 63);
    TestResponse among = alice.post(ALL).isStatus(200);
    assertThat(among.text("/items/0/status")).isEqualTo("error");
    assertThat(among.text("/items/0/reason")).isEqualTo("rate_limited");
    assertThat(served.ports().probe().asked()).hasSize(6);
  }

  @Test
  void only_users_of_a_service_check_it() {
    bob.post(CHECK).isProblem(404, "not_found");
    root.post(CHECK).isProblem(403, "forbidden");
    alice.post("/v1/llm-services/alice/none/check").isProblem(404, "not_found");
    assertThat(served.ports().probe().asked()).isEmpty();
  }

  @Test
  void all_that_one_can_use_are_checked_by_name() {
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    bob.put("/v1/llm-services/bob/y", Map.of("definition", "_system/openai-large"));
    bob.put("/v1/llm-services/bob/y/shares/alice", Map.of("role", "reader"));
    bob.put("/v1/llm-services/bob/z", Map.of("definition", "_system/openai-large"));
    TestResponse checks = alice.post(ALL).isStatus(200);
    assertThat(checks.at("/items").findValuesAsString("service"))
        .containsExactly("_system/box", "alice/x", "bob/y");
    assertThat(checks.at("/items").findValuesAsString("status"))
        .containsExactly("ok", "ok", "no_key");
    assertThat(checks.at("/items/2").propertyNames())
        .containsExactly(
            "service", "status", "http_status", "latency_ms", "checked_at", "reason", "steps");
  }

  @Test
  void who_can_use_nothing_has_no_checks() {
    assertThat(bob.post("/v1/llm-services/bob/_check").body()).isEqualTo("{\"items\":[]}");
  }

  @Test
  void anothers_are_404_whether_or_not_there_is_such_a_user() {
    bob.post(ALL).isProblem(404, "not_found");
    root.post(ALL).isProblem(404, "not_found");
    root.post("/v1/llm-services/_system/_check").isProblem(404, "not_found");
    bob.post("/v1/llm-services/nobody/_check").isProblem(404, "not_found");
    bob.post("/v1/llm-services/NOBODY/_check").isProblem(404, "not_found");
  }

  @Test
  void a_token_of_scope_use_checks() {
    Client using = using(Map.of("name", "n", "scope", "use"));
    using.post(CHECK).isStatus(200);
    assertThat(using.post(ALL).at("/items").size()).isEqualTo(1);
  }

  @Test
  void a_restricted_token_checks_its_service() {
    alice.put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"));
    Client using = using(Map.of("name", "n", "service", "alice/y"));
    using.post(CHECK).isProblem(404, "not_found");
    assertThat(using.post(ALL).at("/items").findValuesAsString("service"))
        .containsExactly("alice/y");
  }

  @Test
  void a_check_is_made_by_post_alone() {
    assertThat(alice.get(ALL).isProblem(405, "method_not_allowed").header("Allow"))
        .isEqualTo("POST, OPTIONS");
    alice.put(ALL, Map.of()).isProblem(405, "method_not_allowed");
    alice.get(CHECK).isProblem(405, "method_not_allowed");
  }

  private Client using(Map<String, Object> token) {
    return served.holding(alice.post("/v1/users/alice/tokens", token).text("/token"));
  }
}
