package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.models.embeddings.EmbeddingCreateParams;
import org.junit.jupiter.api.Test;

/** The unmodified openai-java while roles change; io.claviger.sdks has what all SDKs make of it. */
class SdkJourneyTest extends LentService {
  private static final EmbeddingCreateParams EMBED =
      EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Hello").build();

  @Test
  void an_administrator_without_a_role_is_told_so_by_its_permission_exception() {
    OpenAIClient client = client(Journey.ROOT_TOKEN);
    try {
      PermissionDeniedException refused =
          catchThrowableOfType(
              PermissionDeniedException.class, () -> client.embeddings().create(EMBED));
      assertThat(refused.code()).contains("not_permitted");
    } finally {
      client.close();
    }
    assertThat(journey.provider().requests()).isEmpty();
  }

  @Test
  void once_the_share_has_ended_the_next_call_is_refused() {
    OpenAIClient client = client(bob.token());
    try {
      assertThat(client.embeddings().create(EMBED).data()).hasSize(1);
      alice.delete("/v1/llm-services/alice/lent/shares/bob").isStatus(204);
      NotFoundException refused =
          catchThrowableOfType(NotFoundException.class, () -> client.embeddings().create(EMBED));
      assertThat(refused.code()).contains("not_found");
    } finally {
      client.close();
    }
    assertThat(journey.provider().requests()).hasSize(1);
  }

  private OpenAIClient client(String token) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(node.gateway() + "/gateway/services/alice/lent")
        .apiKey(token)
        .build();
  }
}
