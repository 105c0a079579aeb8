package io.claviger.sdks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.files.FileMetadata;
import com.anthropic.models.files.FileUploadParams;
import com.anthropic.models.messages.batches.BatchCreateParams.Request;
import com.anthropic.models.messages.batches.MessageBatch;
import com.anthropic.models.messages.batches.MessageBatchIndividualResponse;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.conversations.Conversation;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import com.openai.models.vectorstores.VectorStore;
import com.openai.models.vectorstores.VectorStoreCreateParams;
import com.openai.models.vectorstores.VectorStoreSearchParams;
import io.claviger.journeys.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/** What the SDKs for Java store, kind by kind. Each method fails if one of its calls does. */
final class ObjectsInJava {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String MODEL = "parrot-large";

  private ObjectsInJava() {}

  static OpenAIClient openAi(String url, String token) {
    return OpenAIOkHttpClient.builder().baseUrl(url).apiKey(token).maxRetries(0).build();
  }

  static AnthropicClient anthropic(String url, String token) {
    return AnthropicOkHttpClient.builder().baseUrl(url).apiKey(token).maxRetries(0).build();
  }

  private static FileObject file(OpenAIClient client, String content, FilePurpose purpose) {
    MultipartField<InputStream> file =
        MultipartField.<InputStream>builder()
            .value(new ByteArrayInputStream(content.getBytes(UTF_8)))
            .filename("note.jsonl")
            .build();
    return client.files().create(FileCreateParams.builder().file(file).purpose(purpose).build());
  }

  private static String text(HttpResponse response) {
    try (response) {
      return new String(response.body().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void files(OpenAIClient client) {
    String id = file(client, "Hello", FilePurpose.FINE_TUNE).id();
    assertThat(client.files().list().autoPager()).extracting(FileObject::id).contains(id);
    assertThat(text(client.files().content(id))).isEqualTo("Hello");
    assertThat(client.files().delete(id).deleted()).isTrue();
    assertThatThrownBy(() -> client.files().retrieve(id))
        .isInstanceOf(com.openai.errors.NotFoundException.class);
  }

  static void uploads(OpenAIClient client) {
    Upload upload =
        client
            .uploads()
            .create(
                UploadCreateParams.builder()
                    .bytes(5)
                    .filename("a")
                    .mimeType("text/plain")
                    .purpose(FilePurpose.USER_DATA)
                    .build());
    String part =
        client
            .uploads()
            .parts()
            .create(
                upload.id(),
                PartCreateParams.builder()
                    .data(
                        MultipartField.<InputStream>builder()
                            .value(new ByteArrayInputStream("Hello".getBytes(UTF_8)))
                            .filename("part")
                            .build())
                    .build())
            .id();
    Upload completed =
        client
            .uploads()
            .complete(upload.id(), UploadCompleteParams.builder().addPartId(part).build());
    assertThat(text(client.files().content(completed.file().orElseThrow().id())))
        .isEqualTo("Hello");
  }

  static void vectorStores(OpenAIClient client) {
    String file = file(client, "Whales are mammals.", FilePurpose.ASSISTANTS).id();
    VectorStore store =
        client
            .vectorStores()
            .create(VectorStoreCreateParams.builder().name("a").addFileId(file).build());
    assertThat(
            client
                .vectorStores()
                .search(store.id(), VectorStoreSearchParams.builder().query("mammals").build())
                .data())
        .extracting(found -> found.fileId())
        .containsExactly(file);
    assertThat(client.vectorStores().delete(store.id()).deleted()).isTrue();
  }

  static void responses(OpenAIClient client) {
    Response first = client.responses().create(asking("Hello").build());
    Response second =
        client.responses().create(asking("Again").previousResponseId(first.id()).build());
    assertThat(client.responses().retrieve(second.id()).id()).isEqualTo(second.id());
    client.responses().delete(first.id());
    assertThatThrownBy(
            () -> client.responses().create(asking("Hello").previousResponseId(first.id()).build()))
        .isInstanceOf(com.openai.errors.BadRequestException.class)
        .hasMessageContaining(first.id());
  }

  private static ResponseCreateParams.Builder asking(String input) {
    return ResponseCreateParams.builder().model(MODEL).input(input);
  }

  static void conversations(OpenAIClient client) {
    Conversation conversation = client.conversations().create();
    client.responses().create(asking("Hello").conversation(conversation.id()).build());
    assertThat(client.conversations().items().list(conversation.id()).data()).hasSize(2);
    client.conversations().delete(conversation.id());
  }

  static void batches(OpenAIClient client) {
    String line =
        """
        {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"model": \
        "%s", "max_completion_tokens": 100, "messages": [{"role": "user", "content": "Hello"}]}}
        """
            .formatted(MODEL);
    Batch batch =
        client
            .batches()
            .create(
                BatchCreateParams.builder()
                    .inputFileId(file(client, line, FilePurpose.BATCH).id())
                    .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                    .completionWindow(BatchCreateParams.CompletionWindow._24H)
                    .build());
    Eventually.holds(
        PATIENCE, () -> client.batches().retrieve(batch.id()).outputFileId().isPresent());
    String output = client.batches().retrieve(batch.id()).outputFileId().orElseThrow();
    assertThat(text(client.files().content(output))).contains("You said: Hello");
  }

  static void files(AnthropicClient client) {
    FileMetadata file =
        client
            .files()
            .upload(
                FileUploadParams.builder()
                    .file(
                        com.anthropic.core.MultipartField.<InputStream>builder()
                            .value(new ByteArrayInputStream("Hello".getBytes(UTF_8)))
                            .filename("a.txt")
                            .contentType("text/plain")
                            .build())
                    .build());
    assertThat(client.files().list().autoPager()).extracting(FileMetadata::id).contains(file.id());
    assertThat(client.files().retrieveMetadata(file.id()).sizeBytes()).isEqualTo(5);
    client.files().delete(file.id());
    assertThatThrownBy(() -> client.files().retrieveMetadata(file.id()))
        .isInstanceOf(com.anthropic.errors.NotFoundException.class);
  }

  static void batches(AnthropicClient client) {
    MessageBatch batch =
        client
            .messages()
            .batches()
            .create(
                com.anthropic.models.messages.batches.BatchCreateParams.builder()
                    .addRequest(
                        Request.builder()
                            .customId("a")
                            .params(
                                Request.Params.builder()
                                    .model(MODEL)
                                    .maxTokens(100)
                                    .addUserMessage("Hello")
                                    .build())
                            .build())
                    .build());
    Eventually.holds(
        PATIENCE,
        () ->
            client
                .messages()
                .batches()
                .retrieve(batch.id())
                .processingStatus()
                .equals(MessageBatch.ProcessingStatus.ENDED));
    try (StreamResponse<MessageBatchIndividualResponse> results =
        client.messages().batches().resultsStreaming(batch.id())) {
      assertThat(results.stream().toList())
          .singleElement()
          .satisfies(each -> assertThat(each.result().isSucceeded()).isTrue());
    }
  }
}
