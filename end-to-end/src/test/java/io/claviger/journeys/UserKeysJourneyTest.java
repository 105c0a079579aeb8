package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.PermissionDeniedException;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which user's key is used, with the unmodified openai-java. */
class UserKeysJourneyTest extends LentService {
  private static final EmbeddingCreateParams EMBED =
      EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Hello").build();

  @Test
  void an_sdk_is_told_to_store_a_key_and_then_calls_with_it() {
    policy(Policies.USER);
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(node.gateway() + "/gateway/services/alice/lent")
            .apiKey(bob.token())
            .build();
    try {
      PermissionDeniedException refused =
          catchThrowableOfType(
              PermissionDeniedException.class, () -> client.embeddings().create(EMBED));
      assertThat(refused.code()).contains("user_api_key_required");
      assertThat(refused.getMessage()).contains("your own API key");
      assertThat(journey.provider().requests()).isEmpty();

      storeBobs();
      assertThat(client.embeddings().create(EMBED).data()).hasSize(1);
    } finally {
      client.close();
    }
    assertThat(journey.credentials()).containsExactly("Bearer " + journey.key("bob"));
  }

  @Test
  void each_policy_pays_with_what_it_allows_and_nothing_else() {
    policy(Policies.FALLING_BACK);
    assertPaidBy("central", "alice/lent");
    storeBobs();
    assertPaidBy("user", "bob");

    policy(Policies.CENTRAL);
    assertPaidBy("central", "alice/lent");
    policy(Policies.USER);
    assertPaidBy("user", "bob");
    alice.embed("alice/lent").isRefused(403, "user_api_key_required");

    bob.delete(LENT + "/user-key").isStatus(204);
    bob.delete(LENT + "/user-key").isStatus(204);
    policy(Policies.BOTH);
    bob.embed("alice/lent").isRefused(403, "user_api_key_required");
    assertThat(bob.keyOf("alice/lent")).isEqualTo("user_api_key_required");
    policy(Policies.FALLING_BACK);
    assertPaidBy("central", "alice/lent");
  }

  @Test
  void a_project_member_pays_with_their_own_key_too() {
    policy(Policies.USER);
    storeBobs();
    alice.put("/v1/projects/alice/corpus", Map.of("service", "alice/lent")).isStatus(201);
    alice.put("/v1/projects/alice/corpus/shares/bob", Map.of("role", "reader")).isStatus(201);

    TestResponse answer = bob.callProject("alice/corpus", "embeddings").isStatus(200);
    assertThat(answer.header("X-Claviger-Key-Source")).isEqualTo("user");
    assertThat(journey.credentials()).containsExactly("Bearer " + journey.key("bob"));
    alice.callProject("alice/corpus", "embeddings").isRefused(403, "user_api_key_required");
  }

  @Test
  void a_key_is_known_to_its_user_alone() {
    policy(Policies.FALLING_BACK);
    storeBobs();

    assertThat(bob.get(LENT + "/user-key").at("/has_user_key").booleanValue()).isTrue();
    assertThat(alice.get(LENT + "/user-key").at("/has_user_key").booleanValue()).isFalse();
    root.get(LENT + "/user-key").isProblem(403, "forbidden");
    assertThat(alice.get(LENT).json().has("user_keys_removed")).isFalse();
    journey.user(node, "carol").get(LENT + "/user-key").isProblem(404, "not_found");
  }

  @Test
  void a_key_meant_for_another_endpoint_is_not_stored() {
    policy(Policies.USER);
    bob.storeKey("alice/lent", "https://api.openai.com/v1", journey.key("bob"))
        .isProblem(409, "destination_differs");
    policy(Policies.CENTRAL);
    bob.storeKey("alice/lent", journey.endpoint(), journey.key("bob")).isStatus(422);

    assertThat(journey.column("select set_at from user_keys")).isEmpty();
  }

  @Test
  void when_the_service_moves_its_users_keys_stay_behind() {
    policy(Policies.FALLING_BACK);
    storeBobs();
    TestResponse moved =
        alice
            .patch(
                LENT,
                Map.of(
                    "endpoint",
                    journey.movedEndpoint(),
                    "api_key",
                    journey.key("alice/lent"),
                    "key_policy",
                    Policies.USER))
            .isStatus(200);

    assertThat(moved.at("/user_keys_removed").intValue()).isEqualTo(1);
    assertThat(journey.column("select set_at from user_keys")).isEmpty();
    bob.embed("alice/lent").isRefused(403, "user_api_key_required");
    assertThat(bob.get(LENT + "/user-key").at("/has_user_key").booleanValue()).isFalse();
    assertThat(journey.provider().requests()).isEmpty();
  }

  @Test
  void with_the_share_ends_the_use_and_with_a_recovery_the_key() {
    policy(Policies.USER);
    storeBobs();
    alice.delete(LENT + "/shares/bob").isStatus(204);
    bob.embed("alice/lent").isRefused(404, "not_found");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    bob.embed("alice/lent").isStatus(200);

    TestResponse recovered =
        root.post("/v1/users/bob/tokens", Map.of("name", "lost", "recovery", true)).isStatus(201);
    bob.embed("alice/lent").isRefused(401, "bad_token");
    bob.holding(journey.token(recovered.text("/token")))
        .embed("alice/lent")
        .isRefused(403, "user_api_key_required");
  }

  private void policy(Map<String, Boolean> policy) {
    alice.patch(LENT, Map.of("key_policy", policy)).isStatus(200);
  }

  private void storeBobs() {
    bob.storeKey("alice/lent", journey.endpoint(), journey.key("bob")).isStatus(201);
  }

  /** Bob calls, and the provider sees this key. */
  private void assertPaidBy(String source, String key) {
    assertThat(bob.keyOf("alice/lent")).isEqualTo(source);
    journey.provider().clear();
    TestResponse answer = bob.embed("alice/lent").isStatus(200);
    assertThat(answer.header("X-Claviger-Key-Source")).isEqualTo(source);
    assertThat(journey.credentials()).containsExactly("Bearer " + journey.key(key));
  }
}
