package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.claviger.bootstrap.node.Node;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The unmodified openai-java at the gateway: base URL and access token, nothing else. */
class SdkJourneyTest {
  private static final EmbeddingCreateParams EMBED =
      EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Hello").build();
  private static final ChatCompletionCreateParams CHAT =
      ChatCompletionCreateParams.builder().model("parrot-large").addUserMessage("Hello").build();

  private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private Api alice = journey.root(node);
  private Api bob = alice;

  @BeforeEach
  void lend() {
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
  }

  @AfterEach
  void nothing_leaked() {
    try (journey) {
      journey.assertNothingLeaked();
    }
  }

  @Test
  void it_embeds_chats_and_streams() {
    OpenAIClient client = client(bob.token());
    try {
      CreateEmbeddingResponse embedded = client.embeddings().create(EMBED);
      assertThat(embedded.data().get(0).embedding()).isNotEmpty();

      ChatCompletion said = client.chat().completions().create(CHAT);
      String whole = said.choices().get(0).message().content().orElseThrow();
      assertThat(whole).isNotEmpty();

      try (StreamResponse<ChatCompletionChunk> stream =
          client.chat().completions().createStreaming(CHAT)) {
        String streamed =
            stream.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .collect(Collectors.joining());
        assertThat(streamed).isEqualTo(whole);
      }
    } finally {
      client.close();
    }
    assertThat(journey.provider().requests())
        .hasSize(3)
        .allMatch(
            r -> r.headers("Authorization").equals(List.of("Bearer " + journey.key("alice/lent"))));
  }

  @Test
  void a_bad_token_is_its_unauthorized_exception() {
    UnauthorizedException refused = refused("clv_nobody", UnauthorizedException.class);
    assertThat(refused.code()).contains("bad_token");
    assertThat(refused.getMessage()).contains("access token");
  }

  @Test
  void a_service_that_one_has_no_role_on_is_not_found() {
    Api carol = journey.user(node, "carol");
    assertThat(refused(carol.token(), NotFoundException.class).code()).contains("not_found");
    assertThat(refused(Journey.ROOT_TOKEN, PermissionDeniedException.class).code())
        .contains("not_permitted");
  }

  @Test
  void a_disabled_service_is_its_permission_exception() {
    alice.patch("/v1/llm-services/alice/lent", Map.of("enabled", false)).isStatus(200);
    assertThat(refused(bob.token(), PermissionDeniedException.class).code()).contains("disabled");
  }

  @Test
  void a_service_without_a_key_is_its_permission_exception() {
    alice
        .put(
            "/v1/llm-services/alice/lent",
            Map.of("definition", "_system/openai-small", "endpoint", journey.endpoint()))
        .isStatus(200);
    bob.embed("alice/lent").isStatus(200);
    root()
        .patch("/v1/llm-services/alice/lent", Collections.singletonMap("api_key", null))
        .isStatus(200);
    PermissionDeniedException refused = refused(bob.token(), PermissionDeniedException.class);
    assertThat(refused.code()).contains("missing_api_key");
    assertThat(refused.getMessage()).contains("no API key");
  }

  @Test
  void an_operation_that_is_not_lent_is_its_permission_exception() {
    OpenAIClient client = client(bob.token());
    try {
      PermissionDeniedException refused =
          catchThrowableOfType(
              PermissionDeniedException.class, () -> client.files().delete("file-1"));
      assertThat(refused.code()).contains("operation_not_allowed");
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

  private Api root() {
    return journey.root(node);
  }

  /** What an embedding throws; the provider must not have been asked for it. */
  private <E extends OpenAIServiceException> E refused(String token, Class<E> kind) {
    int before = journey.provider().requests().size();
    OpenAIClient client = client(token);
    try {
      E refused = catchThrowableOfType(kind, () -> client.embeddings().create(EMBED));
      assertThat(refused).isNotNull();
      assertThat(journey.provider().requests()).hasSize(before);
      return refused;
    } finally {
      client.close();
    }
  }

  private OpenAIClient client(String token) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(node.gateway() + "/gateway/services/alice/lent")
        .apiKey(token)
        .build();
  }
}
