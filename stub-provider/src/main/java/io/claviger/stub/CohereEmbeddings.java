package io.claviger.stub;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers {@code embed}. The embeddings are listed by type. If version 1 is called without types,
 * the embeddings have the form of version 1.
 */
record CohereEmbeddings(String version) implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    List<String> texts = call.fields().texts("texts");
    List<String> inputs = inputs(call);
    if (inputs.isEmpty()) {
      throw new BadCall("texts or inputs must be given");
    }
    int dimensions = EmbeddingVectors.dimensions(call, call.fields().scalar("output_dimension"));
    List<EmbeddingVector> vectors =
        inputs.stream().map(text -> EmbeddingVectors.of(text, dimensions)).toList();
    List<String> types = call.fields().texts("embedding_types");
    boolean byType = version.equals("2") || !types.isEmpty();
    String embeddings =
        byType
            ? (types.isEmpty() ? List.of("float") : types)
                .stream()
                    .map(type -> "\"" + type + "\": " + all(vectors, form(type)))
                    .collect(Collectors.joining(", ", "{", "}"))
            : all(vectors, EmbeddingVector::floats);
    return StubResponse.json(
        200,
        """
        {"id": "%s", "response_type": "%s", "embeddings": %s, "texts": %s,
          "meta": {"api_version": {"version": "%s"}, "billed_units": {"input_tokens": %d}}}
        """
            .formatted(
                call.id(),
                byType ? "embeddings_by_type" : "embeddings_floats",
                embeddings,
                texts.stream()
                    .map(JsonTemplates::quoted)
                    .collect(Collectors.joining(", ", "[", "]")),
                version,
                StubCall.tokens(inputs)));
  }

  @Override
  public StubBill bill(StubCall call) {
    return StubBill.ofInput("embeddings", StubCall.tokens(inputs(call)));
  }

  private static List<String> inputs(StubCall call) {
    List<String> texts = call.fields().texts("texts");
    return texts.isEmpty() ? call.fields().texts("inputs") : texts;
  }

  private static String all(List<EmbeddingVector> vectors, Function<EmbeddingVector, String> form) {
    return vectors.stream().map(form).collect(Collectors.joining(", ", "[", "]"));
  }

  private static Function<EmbeddingVector, String> form(String type) {
    return switch (type) {
      case "float" -> EmbeddingVector::floats;
      case "int8" -> EmbeddingVector::signedBytes;
      case "uint8" -> EmbeddingVector::unsignedBytes;
      case "base64" -> vector -> "\"" + vector.base64() + "\"";
      default -> throw new BadCall("embedding_types: float, int8, uint8 or base64 from this stub");
    };
  }
}
