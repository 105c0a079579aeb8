package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one database. A change is made at one, and the next request at the other. */
class TwoNodesKeysJourneyTest extends SharedNode {
  private static final String LENT = "/v1/llm-services/alice/lent";

  private final Node other = another();
  private Api alice = root;
  private Api bob = root;
  private Api bobAtOne = root;

  @BeforeEach
  void lend() {
    alice = journey.user(node, "alice");
    bobAtOne = journey.user(node, "bob");
    bob = bobAtOne.at(other);
    journey.serviceOfUserKeys(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
  }

  @Test
  void a_users_key_stored_replaced_and_deleted_at_one_is_so_at_the_other() {
    Eventually.answers(403, () -> bob.embed("alice/lent")).isRefused(403, "user_api_key_required");
    bobAtOne.storeKey("alice/lent", journey.endpoint(), journey.key("bob")).isStatus(201);
    assertThat(bob.keyOf("alice/lent")).isEqualTo("user");
    Eventually.answers(200, () -> bob.embed("alice/lent")).isStatus(200);
    bobAtOne.storeKey("alice/lent", journey.endpoint(), journey.key("bob-new")).isStatus(200);
    Eventually.holds(Eventually.SOON, () -> bobUses("bob-new"));
    assertThat(bob.check("alice/lent").text("/status")).isEqualTo("ok");
    bobAtOne.delete(LENT + "/user-key").isStatus(204);
    Eventually.answers(403, () -> bob.embed("alice/lent")).isRefused(403, "user_api_key_required");
    assertThat(bob.keyOf("alice/lent")).isEqualTo("user_api_key_required");
    assertThat(bob.check("alice/lent").text("/status")).isEqualTo("no_key");

    assertThat(journey.credentials().stream().distinct())
        .containsExactly("Bearer " + journey.key("bob"), "Bearer " + journey.key("bob-new"));
  }

  private boolean bobUses(String key) {
    return bob.embed("alice/lent").status() == 200
        && journey.credentials().getLast().equals("Bearer " + journey.key(key));
  }

  @Test
  void a_policy_changed_and_a_service_moved_at_one_is_so_at_the_other() {
    bobAtOne.storeKey("alice/lent", journey.endpoint(), journey.key("bob")).isStatus(201);
    alice.patch(LENT, Map.of("key_policy", Policies.CENTRAL)).isStatus(200);
    Eventually.answers(403, () -> bob.embed("alice/lent")).isRefused(403, "missing_api_key");
    alice.patch(LENT, Map.of("key_policy", Policies.USER)).isStatus(200);
    Eventually.answers(200, () -> bob.embed("alice/lent")).isStatus(200);
    alice.patch(LENT, Map.of("endpoint", journey.movedEndpoint())).isStatus(200);
    Eventually.answers(403, () -> bob.embed("alice/lent")).isRefused(403, "user_api_key_required");
    assertThat(bob.get(LENT + "/user-key").at("/has_user_key").booleanValue()).isFalse();
    assertThat(journey.provider().requests()).allMatch(r -> r.uri().startsWith("/v1/"));
  }

  @Test
  void a_default_chosen_disabled_and_lost_at_one_is_so_at_the_other() {
    assertThat(bob.defaultService("bob")).isNull();
    bobAtOne.chooseDefault("bob", "alice/lent").isStatus(201);
    assertThat(bob.defaultService("bob")).isEqualTo("alice/lent");
    alice.patch(LENT, Map.of("enabled", false)).isStatus(200);
    assertThat(bob.defaultService("bob")).isNull();
    alice.patch(LENT, Map.of("enabled", true)).isStatus(200);
    assertThat(bob.defaultService("bob")).isEqualTo("alice/lent");
    alice.delete(LENT + "/shares/bob").isStatus(204);
    assertThat(bob.defaultService("bob")).isNull();
  }

  @Test
  void a_model_made_and_withdrawn_at_one_is_so_at_the_other() {
    journey.service(root, "_system/all");
    root.post(
            "/v1/model-configs",
            Map.of("provider", "openai", "model", "large", "display_name", "Large"))
        .isStatus(201);
    assertThat(bob.get("/v1/models").items("model")).containsExactly("large");
    root.patch("/v1/llm-services/_system/all", Map.of("enabled", false)).isStatus(200);
    assertThat(bob.get("/v1/models").items("model")).isEmpty();
    root.patch("/v1/llm-services/_system/all", Map.of("enabled", true)).isStatus(200);
    assertThat(bob.get("/v1/models").items("model")).containsExactly("large");
    root.delete("/v1/llm-services/_system/all").isStatus(204);
    assertThat(bob.get("/v1/models").items("model")).isEmpty();
  }
}
