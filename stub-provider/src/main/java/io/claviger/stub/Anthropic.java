package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Imitates Anthropic's API. Newer versions of Anthropic's SDKs send the key as a bearer token. */
final class Anthropic implements ApiFormat {
  private static final AnthropicMessages MESSAGES = new AnthropicMessages();

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return path.startsWith("/anthropic/")
        || headers.contains("anthropic-version")
        || headers.contains("x-api-key");
  }

  @Override
  public Map<String, StubOperation> operations() {
    return Map.of("v1/messages", MESSAGES, "v1/messages/count_tokens", Anthropic::countTokens);
  }

  @Override
  public ObjectRoutes objects() {
    return AnthropicStore.routes();
  }

  @Override
  public IncomingRequest resolved(String path, Account account, IncomingRequest request) {
    if (path.endsWith("v1/messages")) {
      AnthropicStore.check(account, request);
    }
    return request;
  }

  static StubResponse countTokens(StubCall call) {
    return StubResponse.json(200, "{\"input_tokens\": " + StubUsage.of(call).input() + "}");
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
  public StubResponse models(StubCall call, List<String> models) {
    ModelPage page = page(call, models);
    List<String> shown = page.models();
    return StubResponse.json(
        200,
        "{\"data\": %s, \"has_more\": %s, \"first_id\": %s, \"last_id\": %s}"
            .formatted(
                shown.stream()
                    .map(Anthropic::described)
                    .collect(Collectors.joining(", ", "[", "]")),
                page.hasMore(),
                shown.isEmpty() ? "null" : JsonTemplates.quoted(shown.get(0)),
                shown.isEmpty() ? "null" : JsonTemplates.quoted(shown.get(shown.size() - 1))));
  }

  private static ModelPage page(StubCall call, List<String> models) {
    @Nullable String after = ModelPage.parameter(call, "after_id");
    @Nullable String before = ModelPage.parameter(call, "before_id");
    int from = after == null ? 0 : position(models, after) + 1;
    List<String> upTo = before == null ? models : models.subList(0, position(models, before));
    return ModelPage.of(call, upTo, from, "limit", 20);
  }

  private static int position(List<String> models, String model) {
    int position = models.indexOf(model);
    if (position < 0) {
      throw new BadCall("there is no model " + model);
    }
    return position;
  }

  @Override
  public StubResponse model(String model) {
    return StubResponse.json(200, described(model));
  }

  private static String described(String model) {
    return "{\"type\": \"model\", \"id\": %1$s, \"display_name\": %1$s, %2$s}"
        .formatted(JsonTemplates.quoted(model), "\"created_at\": \"2026-01-01T00:00:00Z\"");
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(
        status,
        "{\"type\": \"error\", \"error\": {\"type\": \"%s\", \"message\": %s}}"
            .formatted(type(status), JsonTemplates.quoted(message)));
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
