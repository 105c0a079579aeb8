package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code generateContent} and, as server-sent events or as one long array, its stream. */
record GeminiText(boolean streaming) implements Operation {
  @Override
  public Answer answer(Call call) {
    return Answer.json(200, response(call, call.reply(), true));
  }

  @Override
  public @Nullable TextStream streamed(Call call) {
    return streaming ? stream(call) : null;
  }

  static TextStream stream(Call call) {
    boolean events = call.query().containsKey("alt");
    return events ? new Events(call) : new Elements(call);
  }

  static String response(Call call, String text, boolean last) {
    return ("{\"candidates\": [{\"content\": {\"parts\": [{\"text\": %s}], \"role\": \"model\"}, "
            + "%s\"index\": 0}], \"usageMetadata\": {\"promptTokenCount\": %d, "
            + "\"candidatesTokenCount\": %d, \"totalTokenCount\": %d}, "
            + "\"modelVersion\": %s, \"responseId\": \"%s\"}")
        .formatted(
            Json.quoted(text),
            last ? "\"finishReason\": \"STOP\", " : "",
            call.promptTokens(),
            call.replyTokens(),
            call.promptTokens() + call.replyTokens(),
            Json.quoted(call.model()),
            call.id());
  }

  private record Events(Call call) implements TextStream {
    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return "data: " + response(call, text, false) + "\r\n\r\n";
    }

    @Override
    public String closing(String wholeText) {
      return "data: " + response(call, "", true) + "\r\n\r\n";
    }
  }

  private record Elements(Call call) implements TextStream {
    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public String opening() {
      return "[";
    }

    @Override
    public String piece(String text) {
      return response(call, text, false) + ",\n";
    }

    @Override
    public String closing(String wholeText) {
      return response(call, "", true) + "]";
    }
  }
}
