package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of services that wait for the consent of others. */
class ApprovalsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String APPROVALS = "/v1/approvals";
  private static final String CANARY = "sk-canary-0123456789";
  private static final Map<String, ?> OWN_KEY =
      Map.of("api_key", CANARY, "endpoint", "https://api.openai.com/v1");

  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");

  @BeforeEach
  void start() {
    alice.put(SERVICE, Map.of("definition", "_system/openai-large", "approvals", 2)).isStatus(201);
    String bobs = alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).text("/pending/id");
    served.root().post(APPROVALS + "/" + bobs + "/approve", Map.of()).isStatus(200);
  }

  @Test
  void a_change_of_the_key_is_202_and_shown_to_owners_without_the_key() {
    TestResponse asked =
        alice.patch(SERVICE, Map.of("endpoint", "https://elsewhere.example/v1", "api_key", CANARY));

    String id = asked.isStatus(202).text("/pending/id");
    assertThat(asked.at("/pending/needs").intValue()).isEqualTo(1);
    assertThat(alice.get(SERVICE).text("/endpoint")).doesNotContain("elsewhere");
    TestResponse listed = bob.get(APPROVALS).isStatus(200);
    assertThat(listed.items("service")).isEqualTo(List.of("alice/x"));
    assertThat(listed.body()).contains("elsewhere.example").doesNotContain("canary");
    carol.get(APPROVALS + "/" + id).isStatus(404);
    alice.post(APPROVALS + "/" + id + "/approve", Map.of()).isStatus(403);

    TestResponse made = bob.post(APPROVALS + "/" + id + "/approve", Map.of()).isStatus(200);
    assertThat(made.text("/state")).isEqualTo("applied");
    assertThat(alice.get(SERVICE).text("/endpoint")).contains("elsewhere");
    bob.post(APPROVALS + "/" + id + "/decline", Map.of()).isStatus(409);
  }

  /** One header that matters can't be hidden behind many that do not. */
  @Test
  void every_name_of_many_headers_is_shown_and_a_change_too_long_to_read_is_refused() {
    Map<String, Object> headers = new LinkedHashMap<>();
    for (int n = 0; n < 31; n++) {
      headers.put("X-Harmless-%02d-".formatted(n) + "a".repeat(86), "1");
    }
    headers.put("X-Portkey-Custom-Host", "elsewhere.example");
    Map<String, Object> change = new LinkedHashMap<>(Map.of("custom_headers", headers));
    change.put("metadata", Map.of("a", "y".repeat(16_000)));
    alice.patch(SERVICE, Map.of("metadata", Map.of("a", "x".repeat(16_000)))).isStatus(200);

    alice.patch(SERVICE, change).isProblem(409, "too_large_to_wait");
    assertThat(bob.get(APPROVALS).items("id")).isEmpty();

    change.remove("metadata");
    String id = alice.patch(SERVICE, change).isStatus(202).text("/pending/id");
    TestResponse shown = bob.get(APPROVALS + "/" + id).isStatus(200);
    assertThat(shown.text("/changes/0/after")).isEqualTo(String.join(", ", headers.keySet()));
    assertThat(shown.at("/changes").size()).isEqualTo(1);
  }

  /**
   * If it did, an owner could request a change that never happens, and so find out whether anybody
   * has a key.
   */
  @Test
  void a_waiting_change_does_not_show_whether_users_have_stored_keys() {
    alice.patch(SERVICE, Map.of("key_policy", Map.of("user_keys", true))).isStatus(200);
    Map<String, Object> headers = Map.of("custom_headers", Map.of("X-Team", "a"));
    List<?> without = askedFields(headers);
    bob.put("/v1/llm-services/alice/x/user-key", OWN_KEY).isStatus(201);

    assertThat(askedFields(headers)).isEqualTo(without);
    assertThat(without.toString()).contains("user_keys");
    assertThat(bob.get("/v1/llm-services/alice/x/user-key").at("/has_user_key").booleanValue())
        .isTrue();
  }

  private List<?> askedFields(Map<String, Object> change) {
    String id = alice.patch(SERVICE, change).isStatus(202).text("/pending/id");
    TestResponse shown = bob.get(APPROVALS + "/" + id).isStatus(200);
    bob.post(APPROVALS + "/" + id + "/decline", Map.of()).isStatus(200);
    return shown.at("/fields").valueStream().map(field -> field.stringValue()).toList();
  }

  @Test
  void disabling_is_done_at_once_and_deletion_waits() {
    alice.patch(SERVICE, Map.of("enabled", false)).isStatus(200);
    String id = alice.delete(SERVICE).isStatus(202).text("/pending/id");
    alice.get(SERVICE).isStatus(200);
    bob.post(APPROVALS + "/" + id + "/decline", Map.of()).isStatus(200);
    assertThat(bob.get(APPROVALS).items("id")).isEmpty();
  }

  @Test
  void a_put_that_leaves_the_number_out_keeps_it_and_a_wrong_one_is_refused() {
    alice
        .put(SERVICE, Map.of("definition", "_system/openai-large", "display_name", "X"))
        .isStatus(200);
    assertThat(alice.get(SERVICE).at("/approvals").intValue()).isEqualTo(2);
    alice.patch(SERVICE, Map.of("approvals", 0)).isStatus(422);
    alice.patch(SERVICE, Map.of("approvals", 1)).isStatus(202);
    bob.patch(SERVICE, Map.of("approvals", 3)).isStatus(403);
  }
}
