package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed request.
 *
 * @param model the called model, from the body or the path; empty if there is none
 * @param script what the prompt tells the stub to do
 * @param id the request id of the response
 */
record StubCall(
    Route route,
    HttpHeaders headers,
    Map<String, List<String>> query,
    BodyFields fields,
    String model,
    Script script,
    String id) {

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
          "text",
          "tokens");

  ApiFormat format() {
    return route.format();
  }

  /**
   * Returns the text to respond to. It is the last text of the field that contains it in this
   * operation.
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

  /** The number of tokens of the prompt, at about four characters per token. */
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
   * What a healthy response says: a text, or the arguments of the tool that it calls. A stream
   * sends it in pieces.
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

  /** The credential is read only from the places where the format carries it. */
  @Nullable String key() {
    for (String header : format().keyHeaders()) {
      String value = headers.get(header);
      if (value != null) {
        return value.regionMatches(true, 0, "Bearer ", 0, 7) ? value.substring(7) : value;
      }
    }
    List<String> inQuery = query.get(format().keyParameter());
    return inQuery == null ? null : inQuery.get(0);
  }
}
