package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parsed request.
 *
 * @param model the called model, from the body or the path; empty if neither contains one
 * @param script the instructions to the stub in the prompt
 * @param id the id of the request in the response
 * @param request the request, whose body includes the earlier turns to which the caller's request
 *     refers
 * @param account the account of the caller's key
 * @param cachedTokens the number of input tokens in the prompt cache
 */
record StubCall(
    Route route,
    HttpHeaders headers,
    Map<String, List<String>> query,
    BodyFields fields,
    String model,
    Script script,
    String id,
    IncomingRequest request,
    Account account,
    int cachedTokens) {

  private static final List<String> PROMPTS =
      List.of(
          "messages",
          "contents",
          "prompt",
          "message",
          "input",
          "query",
          "content",
          "requests",
          "texts",
          "inputs",
          "inputText",
          "instances",
          "text",
          "tokens");

  private static final List<String> TIERS =
      List.of("service_tier", "serviceTier", "serviceTier.type");

  /** The names of tiers that cost the usual price, or that let the provider choose the tier. */
  private static final Set<String> USUAL_TIERS =
      Set.of("auto", "default", "standard", "standard_only", "on_demand", "unspecified");

  StubCall withCachedTokens(int tokens) {
    return new StubCall(route, headers, query, fields, model, script, id, request, account, tokens);
  }

  ApiFormat format() {
    return route.format();
  }

  /** Returns the model's name in the answer. */
  String answeringModel() {
    return script.model() == null ? model : script.model();
  }

  /** Returns how often the given tool runs at the provider. */
  int runs(String tool) {
    return script.usage().getOrDefault(tool, 0);
  }

  /**
   * Returns the tier in which the call is answered. The bill has the same names of tiers for all
   * APIs.
   */
  String tier() {
    @Nullable String asked = script.tier();
    for (String field : TIERS) {
      asked = asked == null ? fields.scalar(field) : asked;
    }
    if ("fast".equals(fields.scalar("speed")) && format() instanceof Anthropic) {
      return "fast";
    }
    if (script.tier() == null && "fast".equals(fields.scalar("speed"))) {
      return "priority";
    }
    if (asked == null || USUAL_TIERS.contains(asked)) {
      return ProviderLedger.STANDARD;
    }
    return asked.equals("fast") ? "priority" : asked;
  }

  /**
   * Returns the usage in the answer: a JSON object, or the value that the script states instead.
   */
  String stated(String usage) {
    return script.stated() == null ? usage : script.stated();
  }

  /**
   * Returns the name with which the call can request a behaviour. For a call with a model, the name
   * is the model's name. For any other call, the name is in the query parameter {@code stub}, in
   * the field {@code metadata.stub}, or in the part of a file's name before the first dot.
   */
  String wantedBehaviour() {
    if (!model.isEmpty()) {
      return model;
    }
    String asked = ModelPage.parameter(this, "stub");
    if (asked == null) {
      asked = fields.scalar("metadata.stub");
    }
    if (asked == null) {
      asked = request.fileName();
    }
    return asked == null ? "" : asked.split("\\.", 2)[0];
  }

  /** Returns the path of the request, without the query. */
  String path() {
    return request.head().uri().split("\\?", 2)[0];
  }

  /**
   * Whether the call belongs to an upload that was started with credentials. A call of such an
   * upload needs no credentials.
   */
  boolean isInSession() {
    return query.containsKey("upload_id");
  }

  /**
   * Returns the text to which the stub responds. The text is the last one in the input field of the
   * called operation.
   */
  String prompt() {
    List<String> texts = prompts();
    return texts.isEmpty() ? "" : texts.get(texts.size() - 1);
  }

  List<String> prompts() {
    for (String field : PROMPTS) {
      List<String> texts = fields.texts(field);
      if (!texts.isEmpty()) {
        return texts;
      }
    }
    return List.of();
  }

  /** The number of prompt tokens, with about four characters per token. */
  int promptTokens() {
    return tokens(prompts());
  }

  static int tokens(List<String> texts) {
    int characters = 0;
    for (String text : texts) {
      characters += text.length();
    }
    return tokens(characters);
  }

  static int tokens(int characters) {
    return 1 + characters / 4;
  }

  /**
   * The content of a healthy response: a text, or the arguments of the called tool. A stream sends
   * the content in several pieces.
   */
  String reply() {
    @Nullable ToolCall toolCall = script.toolCall();
    if (toolCall != null) {
      return toolCall.arguments();
    }
    String prompt = prompt();
    return "You said: " + prompt.substring(0, Math.min(prompt.length(), 200));
  }

  int replyTokens() {
    return tokens(List.of(reply()));
  }

  /** Reads the credential only from those places where the API's format allows it. */
  @Nullable String key() {
    return keyOf(format(), headers, query);
  }

  static @Nullable String keyOf(
      ApiFormat format, HttpHeaders headers, Map<String, List<String>> query) {
    for (String header : format.keyHeaders()) {
      String value = headers.get(header);
      if (value != null) {
        return value.regionMatches(true, 0, "Bearer ", 0, 7) ? value.substring(7) : value;
      }
    }
    List<String> inQuery = query.get(format.keyParameter());
    return inQuery == null ? null : inQuery.get(0);
  }
}
