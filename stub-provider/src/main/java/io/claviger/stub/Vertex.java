package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Imitates publishers' models on Vertex AI. In the path of a call, the model's name is followed by
 * a colon and the operation's name. Models of Anthropic and Mistral answer {@code rawPredict} as in
 * these providers' APIs. Google's models answer as in Gemini's API; the operation {@code predict}
 * answers with vectors, or with images if the model is Imagen.
 */
final class Vertex implements ApiFormat {
  private static final String LISTED = "/publishers/google/models";

  private static final Pattern CALLED =
      Pattern.compile(".*/publishers/([^/]+)/models/([^/:]+):([A-Za-z]+)");

  private static final ApiFormat GEMINI = new Gemini();
  private static final StubOperation MESSAGES = new AnthropicMessages();
  private static final StubOperation CHAT = new OpenAiChat();
  private static final StubOperation PREDICTION =
      ((StubOperation) Vertex::predicted)
          .billed(call -> StubBill.ofInput("embeddings", StubCall.tokens(instances(call))));

  /** Returns the operation for a path; null if there is none. */
  @Nullable Route find(String path) {
    Matcher called = CALLED.matcher(path);
    if (!called.matches()) {
      return null;
    }
    String publisher = called.group(1);
    String model = QueryStringDecoder.decodeComponent(called.group(2));
    StubOperation operation =
        switch (called.group(3)) {
          case "rawPredict", "streamRawPredict" -> raw(publisher, model);
          case "predict" -> predicting(model);
          default -> GEMINI.operations().get(called.group(3));
        };
    boolean namesModel = operation != null && !model.equals("count-tokens");
    return operation == null ? null : new Route(this, operation, namesModel ? model : null);
  }

  private static StubOperation predicting(String model) {
    return model.startsWith("imagen") ? Gemini.IMAGES : PREDICTION;
  }

  private static @Nullable StubOperation raw(String publisher, String model) {
    if (publisher.equals("google")) {
      boolean generates = model.startsWith("gemini") && !model.contains("embedding");
      return generates ? GEMINI.operations().get("generateContent") : predicting(model);
    }
    if (!publisher.equals("anthropic")) {
      return model.startsWith("mistral-ocr") ? OpenAiMedia.PAGES : CHAT;
    }
    return model.equals("count-tokens") ? Anthropic::countTokens : new Claude();
  }

  /**
   * A call to an Anthropic model. The path contains the model, and the body contains the version of
   * the API.
   */
  private record Claude() implements StubOperation {
    @Override
    public StubResponse answer(StubCall call) {
      return MESSAGES.answer(checked(call));
    }

    @Override
    public @Nullable TextStream streamed(StubCall call) {
      return MESSAGES.streamed(checked(call));
    }

    @Override
    public @Nullable StubBill bill(StubCall call) {
      return MESSAGES.bill(call);
    }

    private static StubCall checked(StubCall call) {
      if (call.fields().scalar("anthropic_version") == null
          || call.fields().scalar("model") != null) {
        throw new BadCall("anthropic_version is missing, or model is an extra input");
      }
      return call;
    }
  }

  private static StubResponse predicted(StubCall call) {
    String predictions =
        instances(call).stream()
            .map(
                text ->
                    ("{\"embeddings\": {\"values\": %s, \"statistics\": {\"token_count\": %d, "
                            + "\"truncated\": false}}}")
                        .formatted(
                            EmbeddingVectors.of(text, 8).floats(), StubCall.tokens(List.of(text))))
            .collect(Collectors.joining(", "));
    return StubResponse.json(200, "{\"predictions\": [%s]}".formatted(predictions));
  }

  private static List<String> instances(StubCall call) {
    return call.fields().texts("instances");
  }

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return path.contains("/publishers/");
  }

  /**
   * Returns an empty map, because the end of a path alone does not determine the operation (see
   * {@link #find}).
   */
  @Override
  public Map<String, StubOperation> operations() {
    return Map.of();
  }

  /** Answers the list of models. At Google, the path of the list of models contains no project. */
  @Override
  public @Nullable StubResponse read(String path, List<String> models) {
    return path.endsWith(LISTED) && !path.contains("/projects/")
        ? StubResponse.json(
            200,
            models.stream()
                .map(
                    model ->
                        "{\"name\": %s, \"versionId\": \"default\"}"
                            .formatted(JsonTemplates.quoted("publishers/google/models/" + model)))
                .collect(Collectors.joining(", ", "{\"publisherModels\": [", "]}")))
        : null;
  }

  @Override
  public StubResponse models(StubCall call, List<String> models) {
    throw new BadCall("the list has another path");
  }

  @Override
  public StubResponse model(String model) {
    throw new BadCall("the list has another path");
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization");
  }

  @Override
  public String requestIdHeader() {
    return GEMINI.requestIdHeader();
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return GEMINI.refusal(status, message);
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return GEMINI.text(call, text);
  }

  @Override
  public TextStream stream(StubCall call) {
    return GEMINI.stream(call);
  }
}
