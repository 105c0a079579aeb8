package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Imitates OpenAI's API, which other providers imitate too. The stub also accepts the header in
 * which Azure expects its key.
 */
final class OpenAi implements ApiFormat {
  private static final OpenAiChat CHAT = new OpenAiChat();

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return true;
  }

  @Override
  public Map<String, StubOperation> operations() {
    return Map.ofEntries(
        Map.entry("embeddings", new OpenAiEmbeddings()),
        Map.entry("chat/completions", CHAT),
        Map.entry("completions", new OpenAiCompletions()),
        Map.entry("fim/completions", CHAT),
        Map.entry("responses", new OpenAiResponses()),
        Map.entry("responses/compact", OpenAiResponses.COMPACTION),
        Map.entry("responses/input_tokens", OpenAiResponses::inputTokens),
        Map.entry("moderations", OpenAiMedia.MODERATION),
        Map.entry("images/generations", OpenAiMedia.IMAGES),
        Map.entry("images/edits", OpenAiMedia.EDITS),
        Map.entry("images/variations", OpenAiMedia.EDITS),
        Map.entry("audio/speech", OpenAiMedia.SPEECH),
        Map.entry("audio/transcriptions", OpenAiMedia.TRANSCRIPTS),
        Map.entry("audio/translations", OpenAiMedia.TRANSCRIPTS),
        Map.entry("ocr", OpenAiMedia.PAGES),
        Map.entry("rerank", new Ranking("2")));
  }

  @Override
  public boolean cachesPrompts() {
    return true;
  }

  @Override
  public ObjectRoutes objects() {
    return OpenAiStore.routes();
  }

  @Override
  public IncomingRequest resolved(String path, Account account, IncomingRequest request) {
    return path.contains("/responses") || path.endsWith("/chat/completions")
        ? OpenAiContext.resolved(account, request)
        : request;
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization", "api-key");
  }

  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }

  @Override
  public StubResponse models(StubCall call, List<String> models) {
    return StubResponse.json(
        200,
        models.stream()
            .map(OpenAi::described)
            .collect(Collectors.joining(",", "{\"object\": \"list\", \"data\": [", "]}")));
  }

  @Override
  public StubResponse model(String model) {
    return StubResponse.json(200, described(model));
  }

  private static String described(String model) {
    return "{\"id\": %s, \"object\": \"model\", \"created\": 1767225600, \"owned_by\": \"stub\"}"
        .formatted(JsonTemplates.quoted(model));
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(
        status,
        """
        {"error": {"message": %s, "type": "%s", "param": null, "code": %s}}
        """
            .formatted(JsonTemplates.quoted(message), type(status), code(status)));
  }

  private static String type(int status) {
    return switch (status) {
      case 429 -> "requests";
      case 500, 502, 503, 504 -> "server_error";
      default -> "invalid_request_error";
    };
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "\"invalid_api_key\"";
      case 404 -> "\"model_not_found\"";
      case 429 -> "\"rate_limit_exceeded\"";
      default -> "null";
    };
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return OpenAiChat.completion(call, text);
  }

  @Override
  public TextStream stream(StubCall call) {
    return CHAT.stream(call);
  }
}
