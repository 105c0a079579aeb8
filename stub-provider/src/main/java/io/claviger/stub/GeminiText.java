package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code generateContent}, and its stream as server-sent events or as one JSON array. */
record GeminiText(boolean streaming) implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    return StubResponse.json(200, response(call, call.reply()));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return streaming ? stream(call) : null;
  }

  static TextStream stream(StubCall call) {
    boolean events = call.query().containsKey("alt");
    return events ? new Events(call) : new Elements(call);
  }

  static String response(StubCall call, String text) {
    return response(call, text, call.replyTokens(), true);
  }

  private static String response(StubCall call, String text, int replyTokens, boolean last) {
    return ("{\"candidates\": [{\"content\": {\"parts\": [{\"text\": %s}], \"role\": \"model\"}, "
            + "%s\"index\": 0}], \"usageMetadata\": {\"promptTokenCount\": %d, "
            + "\"candidatesTokenCount\": %d, \"totalTokenCount\": %d}, "
            + "\"modelVersion\": %s, \"responseId\": \"%s\"}")
        .formatted(
            Json.quoted(text),
            last ? "\"finishReason\": \"STOP\", " : "",
            call.promptTokens(),
            replyTokens,
            call.promptTokens() + replyTokens,
            Json.quoted(call.model()),
            call.id());
  }

  /** The responses of one stream. Each states the number of tokens so far. */
  private static final class Parts {
    private final StubCall call;
    private int characters;

    Parts(StubCall call) {
      this.call = call;
    }

    String next(String text) {
      characters += text.length();
      return response(call, text, StubCall.tokens(characters), false);
    }

    String last() {
      return response(call, "", call.replyTokens(), true);
    }
  }

  private record Events(Parts parts) implements TextStream {
    Events(StubCall call) {
      this(new Parts(call));
    }

    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return "data: " + parts.next(text) + "\r\n\r\n";
    }

    @Override
    public String closing(String wholeText) {
      return "data: " + parts.last() + "\r\n\r\n";
    }
  }

  private record Elements(Parts parts) implements TextStream {
    Elements(StubCall call) {
      this(new Parts(call));
    }

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
      return parts.next(text) + ",\n";
    }

    @Override
    public String closing(String wholeText) {
      return parts.last() + "]";
    }
  }
}
