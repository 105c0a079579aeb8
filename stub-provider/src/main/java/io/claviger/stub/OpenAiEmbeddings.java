package io.claviger.stub;

import java.util.List;

/**
 * Answers {@code embeddings}. Benchmarks call this operation, so it does not use a template, which
 * would be slow.
 */
final class OpenAiEmbeddings implements StubOperation {
  @Override
  public StubBill bill(StubCall call) {
    return StubBill.ofInput("embeddings", StubCall.tokens(call.fields().texts("input")));
  }

  @Override
  public StubResponse answer(StubCall call) {
    List<String> inputs = call.fields().texts("input");
    if (inputs.isEmpty()) {
      throw new BadCall("input is missing");
    }
    int dimensions = EmbeddingVectors.dimensions(call, call.fields().scalar("dimensions"));
    boolean base64 = "base64".equals(call.fields().scalar("encoding_format"));
    StringBuilder body = new StringBuilder(256 + inputs.size() * dimensions * (base64 ? 6 : 13));
    body.append("{\"object\": \"list\", \"data\": [");
    for (int i = 0; i < inputs.size(); i++) {
      EmbeddingVector vector = EmbeddingVectors.of(inputs.get(i), dimensions);
      body.append(i == 0 ? "" : ", ").append("{\"object\": \"embedding\", \"index\": ").append(i);
      body.append(", \"embedding\": ");
      if (base64) {
        body.append('"').append(vector.base64()).append('"');
      } else {
        body.append(vector.floats());
      }
      body.append('}');
    }
    int tokens = StubCall.tokens(inputs);
    body.append("], \"model\": ").append(JsonTemplates.quoted(call.answeringModel()));
    body.append(", \"usage\": {\"prompt_tokens\": ").append(tokens);
    body.append(", \"total_tokens\": ").append(tokens).append("}}");
    return StubResponse.json(200, body.toString());
  }
}
