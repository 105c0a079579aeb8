package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code v1/messages}. */
final class AnthropicMessages implements StubOperation {
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
    String content = "{\"type\": \"text\", \"text\": %s}".formatted(Json.quoted(text));
    return StubResponse.json(200, message(call, content, "\"end_turn\"", call.replyTokens()));
  }

  private static String message(StubCall call, String content, String stopReason, int tokens) {
    return ("{\"id\": \"msg_%s\", \"type\": \"message\", \"role\": \"assistant\", \"model\": %s, "
            + "\"content\": [%s], \"stop_reason\": %s, \"stop_sequence\": null, \"usage\": "
            + "{\"input_tokens\": %d, \"cache_creation_input_tokens\": 0, "
            + "\"cache_read_input_tokens\": 0, \"output_tokens\": %d}}")
        .formatted(
            call.id(), Json.quoted(call.model()), content, stopReason, call.promptTokens(), tokens);
  }

  private record Events(StubCall call) implements TextStream {
    @Override
    public String opening() {
      return event("message_start", ", \"message\": " + message(call, "", "null", 1))
          + event(
              "content_block_start",
              ", \"index\": 0, \"content_block\": {\"type\": \"text\", \"text\": \"\"}")
          + event("ping", "");
    }

    @Override
    public String piece(String text) {
      return event(
          "content_block_delta",
          ", \"index\": 0, \"delta\": {\"type\": \"text_delta\", \"text\": %s}"
              .formatted(Json.quoted(text)));
    }

    @Override
    public String closing(String wholeText) {
      String end = "\"delta\": {\"stop_reason\": \"end_turn\", \"stop_sequence\": null}";
      return event("content_block_stop", ", \"index\": 0")
          + event(
              "message_delta",
              ", %s, \"usage\": {\"output_tokens\": %d}".formatted(end, call.replyTokens()))
          + event("message_stop", "");
    }

    private static String event(String type, String fields) {
      return "event: %s\ndata: {\"type\": \"%s\"%s}\n\n".formatted(type, type, fields);
    }
  }
}
