package io.claviger.stub;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers {@code embedContent} and {@code batchEmbedContents}. */
final class GeminiEmbeddings {
  static final StubOperation ONE = billed(GeminiEmbeddings::one, "content");
  static final StubOperation BATCH = billed(GeminiEmbeddings::batch, "requests");

  private GeminiEmbeddings() {}

  private static StubOperation billed(StubOperation operation, String field) {
    return operation.billed(
        call -> StubBill.ofInput("embeddings", StubCall.tokens(call.fields().texts(field))));
  }

  static StubResponse one(StubCall call) {
    List<String> content = call.fields().texts("content");
    if (content.isEmpty()) {
      throw new BadCall("content is missing");
    }
    int dimensions = dimensions(call, "");
    return StubResponse.json(
        200,
        "{\"embedding\": %s, %s}".formatted(values(content.get(0), dimensions), usage(content)));
  }

  /**
   * Answers a batch. All embeddings have the number of dimensions that the batch's last request
   * states.
   */
  static StubResponse batch(StubCall call) {
    List<String> contents = call.fields().texts("requests");
    int dimensions = dimensions(call, "requests.");
    String embeddings =
        contents.stream()
            .map(text -> values(text, dimensions))
            .collect(Collectors.joining(", ", "[", "]"));
    return StubResponse.json(
        200, "{\"embeddings\": %s, %s}".formatted(embeddings, usage(contents)));
  }

  private static int dimensions(StubCall call, String where) {
    @Nullable String plain = call.fields().scalar(where + "outputDimensionality");
    @Nullable String configured =
        call.fields().scalar(where + "embedContentConfig.outputDimensionality");
    return EmbeddingVectors.dimensions(call, plain != null ? plain : configured);
  }

  private static String values(String text, int dimensions) {
    return "{\"values\": " + EmbeddingVectors.of(text, dimensions).floats() + "}";
  }

  private static String usage(List<String> texts) {
    return "\"usageMetadata\": {\"promptTokenCount\": %1$d, \"totalTokenCount\": %1$d}"
        .formatted(StubCall.tokens(texts));
  }
}
