package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was understood.
 *
 * @param model the model asked for, from body or path, or nothing
 * @param id the request id the answer goes by
 */
record StubCall(
    Route route,
    HttpHeaders headers,
    Map<String, List<String>> query,
    BodyFields fields,
    String model,
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

  /** What is to be answered: the last text of the field that holds it in this kind of call. */
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

  /** A token is four characters, more or less. */
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

  /** The text a healthy answer consists of. */
  String reply() {
    String prompt = prompt();
    return "You said: " + prompt.substring(0, Math.min(prompt.length(), 200));
  }

  int replyTokens() {
    return tokens(List.of(reply()));
  }

  /** The credential, looked for only where the format carries it. */
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
