package io.claviger.stub;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Anthropic's API. Newer versions of its SDKs send the key as a bearer token. */
final class Anthropic implements ApiFormat {
  private static final AnthropicMessages MESSAGES = new AnthropicMessages();

  @Override
  public Map<String, StubOperation> operations() {
    return Map.of("v1/messages", MESSAGES, "v1/messages/count_tokens", Anthropic::countTokens);
  }

  private static StubResponse countTokens(StubCall call) {
    return StubResponse.json(200, "{\"input_tokens\": " + call.promptTokens() + "}");
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("x-api-key", "authorization");
  }

  @Override
  public String requestIdHeader() {
    return "request-id";
  }

  @Override
  public StubResponse models(List<String> models) {
    return StubResponse.json(
        200,
        "{\"data\": %s, \"has_more\": false, \"first_id\": %s, \"last_id\": %s}"
            .formatted(
                models.stream()
                    .map(Anthropic::described)
                    .collect(Collectors.joining(", ", "[", "]")),
                Json.quoted(models.get(0)),
                Json.quoted(models.get(models.size() - 1))));
  }

  @Override
  public StubResponse model(String model) {
    return StubResponse.json(200, described(model));
  }

  private static String described(String model) {
    return "{\"type\": \"model\", \"id\": %1$s, \"display_name\": %1$s, %2$s}"
        .formatted(Json.quoted(model), "\"created_at\": \"2026-01-01T00:00:00Z\"");
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(
        status,
        "{\"type\": \"error\", \"error\": {\"type\": \"%s\", \"message\": %s}}"
            .formatted(type(status), Json.quoted(message)));
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return AnthropicMessages.message(call, text);
  }

  @Override
  public TextStream stream(StubCall call) {
    return MESSAGES.stream(call);
  }
}
