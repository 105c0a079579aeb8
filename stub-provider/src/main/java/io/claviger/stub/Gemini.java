package io.claviger.stub;

import static java.util.Objects.requireNonNullElse;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Imitates Google's Gemini API. In the path of a call, the model's name is followed by a colon and
 * the operation's name.
 */
final class Gemini implements ApiFormat {
  /**
   * Imagen's operation, which is charged by image. If the call states no number of images, the stub
   * makes four for each prompt.
   */
  static final StubOperation IMAGES =
      ((StubOperation) Gemini::images)
          .billed(
              call ->
                  new StubBill(
                      "images",
                      StubUsage.ofInput(0),
                      List.of(new ProviderLedger.Fee("image", "", imageCount(call)))));

  private static final Map<String, StubOperation> OPERATIONS =
      Map.of(
          "embedContent",
          GeminiEmbeddings.ONE,
          "batchEmbedContents",
          GeminiEmbeddings.BATCH,
          "generateContent",
          new GeminiText(false),
          "streamGenerateContent",
          new GeminiText(true),
          "countTokens",
          Gemini::countTokens,
          "predict",
          Gemini.IMAGES);

  private static int imageCount(StubCall call) {
    String asked = requireNonNullElse(call.fields().scalar("parameters.sampleCount"), "4");
    return Integer.parseInt(asked) * call.fields().texts("instances").size();
  }

  private static StubResponse images(StubCall call) {
    String image = "{\"mimeType\": \"image/png\", \"bytesBase64Encoded\": \"AA==\"}";
    return StubResponse.json(
        200,
        "{\"predictions\": [%s]}"
            .formatted(String.join(", ", Collections.nCopies(imageCount(call), image))));
  }

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return path.contains("/v1beta/")
        || path.startsWith("/gemini/")
        || headers.contains("x-goog-api-key");
  }

  @Override
  public Map<String, StubOperation> operations() {
    return OPERATIONS;
  }

  @Override
  public ObjectRoutes objects() {
    return GeminiStore.routes();
  }

  @Override
  public IncomingRequest resolved(String path, Account account, IncomingRequest request) {
    if (path.contains("/models/")) {
      GeminiStore.check(account, request);
    }
    return request;
  }

  private static StubResponse countTokens(StubCall call) {
    return StubResponse.json(200, "{\"totalTokens\": " + StubUsage.of(call).input() + "}");
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("x-goog-api-key");
  }

  @Override
  public String keyParameter() {
    return "key";
  }

  @Override
  public String requestIdHeader() {
    return "x-goog-request-id";
  }

  @Override
  public StubResponse models(StubCall call, List<String> models) {
    ModelPage page = ModelPage.byToken(call, models, "pageToken", "pageSize", 50);
    String next =
        page.hasMore() ? ", \"nextPageToken\": \"%s\"".formatted(page.nextToken(models)) : "";
    return StubResponse.json(
        200,
        page.models().stream()
            .map(Gemini::described)
            .collect(Collectors.joining(", ", "{\"models\": [", "]" + next + "}")));
  }

  @Override
  public StubResponse model(String model) {
    return StubResponse.json(200, described(model));
  }

  private static String described(String model) {
    return """
    {"name": %s, "version": "001", "displayName": %s, "description": "It repeats.",
      "inputTokenLimit": 8192, "outputTokenLimit": 8192,
      "supportedGenerationMethods": ["generateContent", "embedContent", "countTokens"]}
    """
        .formatted(JsonTemplates.quoted("models/" + model), JsonTemplates.quoted(model));
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(
        status,
        "{\"error\": {\"code\": %d, \"message\": %s, \"status\": \"%s\", \"details\": []}}"
            .formatted(status, JsonTemplates.quoted(message), name(status)));
  }

  private static String name(int status) {
    return switch (status) {
      case 400 -> "INVALID_ARGUMENT";
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 409 -> "ABORTED";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 500 -> "INTERNAL";
      case 503 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> "UNKNOWN";
    };
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return StubResponse.json(200, GeminiText.response(call, text));
  }

  @Override
  public TextStream stream(StubCall call) {
    return GeminiText.stream(call);
  }
}
