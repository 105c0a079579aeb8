package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code v2/chat}. */
final class CohereChat implements StubOperation {
  private static final int PREAMBLE_TOKENS = 66;

  @Override
  public StubResponse answer(StubCall call) {
    return message(call, call.reply());
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? stream(call) : null;
  }

  TextStream stream(StubCall call) {
    return new Events(call);
  }

  static StubResponse message(StubCall call, String text) {
    return StubResponse.json(
        200,
        """
        {"id": "%s", "finish_reason": "COMPLETE",
          "message": {"role": "assistant", "content": [{"type": "text", "text": %s}]},
          "usage": %s}
        """
            .formatted(call.id(), Json.quoted(text), usage(call)));
  }

  private static String usage(StubCall call) {
    return "{" + units(call) + "}";
  }

  /** The fields of a usage object, without braces: the billed units and the tokens. */
  static String units(StubCall call) {
    String tokens = "\"%s\": {\"input_tokens\": %d, \"output_tokens\": %d}";
    return tokens.formatted("billed_units", call.promptTokens(), call.replyTokens())
        + ", "
        + tokens.formatted("tokens", call.promptTokens() + PREAMBLE_TOKENS, call.replyTokens());
  }

  private record Events(StubCall call) implements TextStream {
    @Override
    public String opening() {
      return event(
              "message-start",
              "\"id\": \""
                  + call.id()
                  + "\", \"delta\": {\"message\": {\"role\": \"assistant\", "
                  + "\"content\": [], \"tool_plan\": \"\", \"tool_calls\": [], \"citations\": []}}")
          + event(
              "content-start",
              "\"index\": 0, \"delta\": "
                  + "{\"message\": {\"content\": {\"type\": \"text\", \"text\": \"\"}}}");
    }

    @Override
    public String piece(String text) {
      return event(
          "content-delta",
          "\"index\": 0, \"delta\": {\"message\": {\"content\": {\"text\": %s}}}"
              .formatted(Json.quoted(text)));
    }

    @Override
    public String closing(String wholeText) {
      return event("content-end", "\"index\": 0")
          + event(
              "message-end",
              "\"delta\": {\"finish_reason\": \"COMPLETE\", \"usage\": %s}".formatted(usage(call)))
          + "data: [DONE]\n\n";
    }

    private static String event(String type, String fields) {
      return "event: %s\ndata: {\"type\": \"%s\", %s}\n\n".formatted(type, type, fields);
    }
  }
}
