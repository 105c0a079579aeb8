package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which key a call of the caller's would use, explained. */
class KeyResolutionTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String RESOLUTION = SERVICE + "/key-resolution";
  private Served served;
  private Client root;
  private Client alice;

  @BeforeEach
  void start() {
    served = Served.start();
    root = served.root();
    alice = served.user("alice");
    alice
        .put(SERVICE, Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
        .isStatus(201);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  void a_stored_key_is_the_central_one() {
    TestResponse resolution = alice.get(RESOLUTION).isStatus(200);
    assertThat(resolution.text("/source")).isEqualTo("central");
    assertThat(resolution.at("/reason").isNull()).isTrue();
    assertThat(steps(resolution))
        .containsExactly(
            "use next",
            "enabled next",
            "keyless next",
            "user_key next",
            "fallback next",
            "central_key central");
    assertThat(resolution.text("/steps/5/why")).contains("The central key is on");
  }

  @Test
  void without_a_key_the_last_rule_says_so() {
    alice.patch(SERVICE, "{\"api_key\":null}").isStatus(200);
    TestResponse resolution = alice.get(RESOLUTION);
    assertThat(resolution.at("/source").isNull()).isTrue();
    assertThat(resolution.text("/reason")).isEqualTo("missing_api_key");
    assertThat(steps(resolution)).hasSize(8).endsWith("nothing_left missing_api_key");
  }

  @Test
  void a_disabled_service_ends_it_early() {
    alice.patch(SERVICE, Map.of("enabled", false));
    TestResponse resolution = alice.get(RESOLUTION);
    assertThat(resolution.text("/reason")).isEqualTo("disabled");
    assertThat(steps(resolution)).containsExactly("use next", "enabled disabled");
  }

  @Test
  void each_caller_is_told_of_their_own() {
    alice.put(SERVICE + "/shares/root", Map.of("role", "reader")).isStatus(201);
    alice.patch(SERVICE, Map.of("key_policy", Map.of("user_keys", true)));
    root.put(
        SERVICE + "/user-key",
        Map.of("api_key", "sk-of-root-alone", "endpoint", "https://api.openai.com/v1"));
    assertThat(root.get(RESOLUTION).text("/source")).isEqualTo("user");
    assertThat(alice.get(RESOLUTION).text("/reason")).isEqualTo("user_api_key_required");
  }

  @Test
  void the_operators_key_serves_where_it_may_go() {
    served.ports().deploymentKeys().put(Provider.OPENAI, "sk-of-the-operator");
    root.put("/v1/llm-services/_system/s", Map.of("definition", "_system/openai-large"));
    assertThat(alice.get("/v1/llm-services/_system/s/key-resolution").text("/source"))
        .isEqualTo("deployment");
  }

  @Test
  void who_sees_but_may_not_use_it_is_told_that() {
    TestResponse resolution = root.get(RESOLUTION).isStatus(200);
    assertThat(resolution.text("/reason")).isEqualTo("not_permitted");
    assertThat(steps(resolution)).containsExactly("use not_permitted");
  }

  @Test
  void what_one_can_not_see_is_404() {
    Client bob = served.user("bob");
    bob.get(RESOLUTION).isProblem(404, "not_found");
    bob.get("/v1/llm-services/bob/none/key-resolution").isProblem(404, "not_found");
    bob.get("/v1/llm-services/_by-id/x/key-resolution").isProblem(404, "not_found");
  }

  @Test
  void a_token_of_scope_use_reads_it() {
    using(Map.of("name", "n", "scope", "use")).get(RESOLUTION).isStatus(200);
  }

  @Test
  void a_restricted_token_reads_that_of_its_service() {
    alice.put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"));
    Client using = using(Map.of("name", "n", "service", "alice/y"));
    using.get("/v1/llm-services/alice/y/key-resolution").isStatus(200);
    using.get(RESOLUTION).isProblem(404, "not_found");
  }

  private Client using(Map<String, Object> token) {
    return served.holding(alice.post("/v1/users/alice/tokens", token).text("/token"));
  }

  private static List<String> steps(TestResponse resolution) {
    return resolution
        .at("/steps")
        .valueStream()
        .map(s -> s.at("/rule").stringValue() + " " + s.at("/outcome").stringValue())
        .toList();
  }
}
