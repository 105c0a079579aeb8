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

class DefaultsTest {
  private static final String MINE = "/v1/users/alice/default-service";
  private static final String SYSTEMS = "/v1/users/_system/default-service";
  private static final Map<String, Object> X = Map.of("service", "alice/x");
  private static final Map<String, Object> BOX = Map.of("service", "_system/box");
  @AutoClose private final Served served = Served.start();
  private final Client root =
      served
          .root()
          .having("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
  private final Client alice = served.user("alice").owning("/v1/llm-services/alice/x");
  private final Client bob = served.user("bob");

  @Test
  void there_is_none_until_somebody_chooses() {
    alice.get(MINE).isProblem(404, "not_found");
  }

  @Test
  void ones_own_choice_is_ones_default() {
    TestResponse chosen = alice.put(MINE, X).isStatus(201);
    assertThat(chosen.header("Location")).isEqualTo(MINE);
    assertThat(chosen.body()).isEqualTo("{\"service\":\"alice/x\",\"source\":\"own\"}");
    assertThat(alice.get(MINE).json()).isEqualTo(chosen.json());
    assertThat(alice.get("/v1/llm-services/alice/x").at("/is_default").booleanValue()).isTrue();
    alice.put(MINE, BOX).isStatus(200);
    assertThat(alice.get(MINE).text("/service")).isEqualTo("_system/box");
    assertThat(alice.get("/v1/llm-services/alice/x").at("/is_default").booleanValue()).isFalse();
  }

  @Test
  void post_does_what_put_does() {
    alice.post(MINE, X).isStatus(201);
    alice.post(MINE, X).isStatus(200);
  }

  @Test
  void a_service_named_by_its_handle_alone_is_the_users_own() {
    assertThat(alice.put(MINE, Map.of("service", "x")).isStatus(201).text("/service"))
        .isEqualTo("alice/x");
    assertThat(root.put(SYSTEMS, Map.of("service", "box")).isStatus(201).text("/service"))
        .isEqualTo("_system/box");
  }

  @Test
  void the_systems_default_serves_who_has_no_own_one() {
    assertThat(root.put(SYSTEMS, BOX).isStatus(201).text("/source")).isEqualTo("system");
    assertThat(bob.get("/v1/users/bob/default-service").body())
        .isEqualTo("{\"service\":\"_system/box\",\"source\":\"system\"}");
    alice.put(MINE, X);
    assertThat(alice.get(MINE).text("/source")).isEqualTo("own");
    assertThat(root.get(SYSTEMS).text("/service")).isEqualTo("_system/box");
  }

  @Test
  void a_choice_survives_that_its_service_is_disabled() {
    root.put(SYSTEMS, BOX);
    alice.put(MINE, X);
    alice.patch("/v1/llm-services/alice/x", Map.of("enabled", false));
    assertThat(alice.get(MINE).text("/service")).isEqualTo("_system/box");
    alice.patch("/v1/llm-services/alice/x", Map.of("enabled", true));
    assertThat(alice.get(MINE).text("/service")).isEqualTo("alice/x");
  }

  @Test
  void a_choice_is_taken_back_once() {
    alice.put(MINE, X);
    alice.delete(MINE).isStatus(204);
    alice.delete(MINE).isProblem(404, "not_found");
    alice.get(MINE).isProblem(404, "not_found");
  }

  @Test
  void what_was_read_can_be_sent_back() {
    alice.put(MINE, X);
    alice.put(MINE, alice.get(MINE).body()).isStatus(200);
    alice.put(MINE, Map.of("service", "alice/x", "source", "system")).hasReadOnly("source");
    bob.put("/v1/users/bob/default-service", Map.of("service", "_system/box", "source", "own"))
        .hasReadOnly("source");
  }

  @Test
  void a_service_must_be_named() {
    alice.put(MINE, Map.of()).hasFaults("/service required");
    alice.put(MINE, "{\"service\":null}").hasFaults("/service not_nullable");
    alice.put(MINE, "{\"service\":7}").hasFaults("/service wrong_type");
    alice
        .put(MINE, "{\"service\":\"alice/x\",\"service\":\"alice/x\",\"version\":1}")
        .hasFaults("/service duplicate_field", "/version unknown_field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "Alice/x", "alice/", "alice/_system", "alice/x/y"})
  void what_is_no_name_of_a_service_is_422(String service) {
    alice.put(MINE, Map.of("service", service)).hasFaults("/service invalid_value");
  }

  @Test
  void one_chooses_what_one_can_use() {
    alice.put(
        "/v1/llm-services/alice/off", Map.of("provider", "ollama", "model", "m", "enabled", false));
    alice.put(MINE, Map.of("service", "off")).hasFaults("/service service_disabled");
    bob.put("/v1/users/bob/default-service", X).hasFaults("/service unknown_reference");
    bob.put("/v1/users/bob/default-service", Map.of("service", "alice/none"))
        .hasFaults("/service unknown_reference");
    root.put("/v1/users/root/default-service", X).hasFaults("/service unknown_reference");
  }

  @Test
  void the_systems_default_is_a_system_level_one() {
    root.put("/v1/llm-services/root/own", Map.of("provider", "ollama", "model", "m"));
    root.put(SYSTEMS, Map.of("service", "root/own")).hasFaults("/service not_allowed");
  }

  @Test
  void anothers_default_is_404_whether_or_not_there_is_such_a_user() {
    alice.put(MINE, X);
    for (Client other : new Client[] {bob, root}) {
      other.get(MINE).isProblem(404, "not_found");
      other.put(MINE, BOX).isProblem(404, "not_found");
      other.delete(MINE).isProblem(404, "not_found");
      other.get("/v1/users/nobody/default-service").isProblem(404, "not_found");
      other.get("/v1/users/NOBODY/default-service").isProblem(404, "not_found");
    }
    bob.get(SYSTEMS).isProblem(404, "not_found");
    bob.put(SYSTEMS, BOX).isProblem(404, "not_found");
    bob.delete(SYSTEMS).isProblem(404, "not_found");
  }

  @Test
  void other_media_types_are_415() {
    alice
        .with("Content-Type", "application/merge-patch+json")
        .send("PUT", MINE, BodyPublishers.ofString("{}"))
        .isProblem(415, "unsupported_media_type");
  }

  @Test
  void a_token_of_scope_use_reads_it_and_writes_nothing() {
    alice.put(MINE, X);
    Client using = using(Map.of("name", "n", "scope", "use"));
    assertThat(using.get(MINE).isStatus(200).text("/service")).isEqualTo("alice/x");
    assertThat(using.put(MINE, BOX).isProblem(403, "forbidden").text("/detail"))
        .contains("Send a token with the scope manage.");
    using.delete(MINE).isProblem(403, "forbidden");
  }

  @Test
  void a_restricted_token_sees_a_default_that_is_its_service() {
    alice.put(MINE, X);
    using(Map.of("name", "n", "service", "alice/x")).get(MINE).isStatus(200);
    using(Map.of("name", "n", "service", "_system/box")).get(MINE).isProblem(404, "not_found");
  }

  private Client using(Map<String, Object> token) {
    return served.holding(alice.post("/v1/users/alice/tokens", token).text("/token"));
  }
}
