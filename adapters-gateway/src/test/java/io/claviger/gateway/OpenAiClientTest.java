package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** OpenAI's own client, given nothing but a base URL and an access token. */
@Tag("sdk")
class OpenAiClientTest {
  @AutoClose private final Rig rig = new Rig();

  @AutoClose
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .baseUrl(rig.origin() + "/gateway/services/alice/my-openai")
          .apiKey(Rig.TOKEN)
          .maxRetries(2)
          .build();

  @Test
  void it_gets_embeddings() {
    CreateEmbeddingResponse answer =
        client.embeddings().create(embedding("text-embedding-3-small"));

    assertThat(answer.data()).hasSize(1);
    assertThat(answer.data().get(0).embedding()).isNotEmpty();
  }

  @Test
  void it_gets_a_chat_completion() {
    ChatCompletion answer = client.chat().completions().create(chat("gpt-4.1"));

    assertThat(answer.choices().get(0).message().content()).isPresent();
  }

  @Test
  void it_gets_a_stream() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat("stub-chunk-delay-1-count-5"))) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();

      assertThat(chunks).hasSizeGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void a_stream_that_breaks_off_raises_its_exception_with_the_gateways_message() {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat("stub-close-mid-stream"))) {
      assertThatThrownBy(() -> stream.stream().toList())
          .hasStackTraceContaining("The provider broke the connection off");
    }
  }

  @Test
  void a_bad_token_raises_its_exception() {
    refuse(CallRefusal.BAD_TOKEN);

    assertThatThrownBy(() -> client.embeddings().create(embedding("m")))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("The access token is not valid here");
    assertThat(rig.authorizer.calls()).as("tried once").hasSize(1);
  }

  @Test
  void a_refusal_raises_its_exception_with_code_and_request_id() {
    refuse(CallRefusal.MISSING_API_KEY);

    assertThatThrownBy(() -> client.embeddings().create(embedding("m")))
        .isInstanceOfSatisfying(
            PermissionDeniedException.class,
            e -> {
              assertThat(e.code()).contains("missing_api_key");
              assertThat(e.headers().values("x-request-id")).isNotEmpty();
            });
    assertThat(rig.authorizer.calls()).as("tried once").hasSize(1);
  }

  @Test
  void what_is_not_there_raises_its_exception() {
    refuse(CallRefusal.NOT_FOUND);

    assertThatThrownBy(() -> client.embeddings().create(embedding("m")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no such service or project that you can see");
  }

  @Test
  void a_rejected_key_raises_its_exception_and_is_not_tried_again() {
    assertThatThrownBy(() -> client.embeddings().create(embedding("stub-unauthorized")))
        .isInstanceOf(PermissionDeniedException.class)
        .hasMessageContaining("rejected the API key");
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void a_providers_throttling_raises_its_exception_after_the_retries_it_asked_for() {
    assertThatThrownBy(() -> client.embeddings().create(embedding("stub-status-429-retry-after-0")))
        .isInstanceOf(RateLimitException.class);
    assertThat(rig.stub.requests()).hasSize(3);
  }

  @Test
  void a_providers_own_fault_raises_its_exception() {
    assertThatThrownBy(() -> client.embeddings().create(embedding("stub-status-500")))
        .isInstanceOf(InternalServerException.class);
  }

  @Test
  void a_provider_that_is_silent_raises_an_exception_with_the_gateways_message() {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(100));

    assertThatThrownBy(() -> client.embeddings().create(embedding("stub-slow-first-byte-60000")))
        .isInstanceOfSatisfying(
            OpenAIServiceException.class, e -> assertThat(e.statusCode()).isEqualTo(504))
        .hasMessageContaining("silent for longer");
  }

  private void refuse(CallRefusal why) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                why, Optional.of(new KnownService("alice/my-openai", WireFormat.OPENAI))));
  }

  private static EmbeddingCreateParams embedding(String model) {
    return EmbeddingCreateParams.builder().model(model).input("hello").build();
  }

  private static ChatCompletionCreateParams chat(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("hello").build();
  }
}
