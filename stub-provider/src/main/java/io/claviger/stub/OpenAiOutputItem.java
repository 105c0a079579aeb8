package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** The last item in a response of the operation {@code responses}: a message or a tool call. */
interface OpenAiOutputItem {
  static OpenAiOutputItem of(StubCall call) {
    @Nullable ToolCall toolCall = call.script().toolCall();
    return toolCall == null ? new Message(call) : new Call(call, toolCall);
  }

  String id();

  /** Returns the item without text, as a stream announces it. */
  String begun();

  String completed(String said);

  /** Returns the event for a piece of the text, without the item's position in the response. */
  Event delta(String piece);

  /** Returns the event for the end of the text, without the item's position in the response. */
  Event done(String said);

  /**
   * @param fields further fields of the event as JSON, without their braces
   */
  record Event(String name, String fields) {}

  static String part(String text) {
    return "{\"type\": \"output_text\", \"text\": %s, \"annotations\": [], \"logprobs\": []}"
        .formatted(JsonTemplates.quoted(text));
  }

  /** A message with one part, which is a text. */
  record Message(StubCall call) implements OpenAiOutputItem {
    @Override
    public String id() {
      return call.account().idOf("msg_", call);
    }

    @Override
    public String begun() {
      return message("in_progress", "");
    }

    @Override
    public String completed(String said) {
      return message("completed", part(said));
    }

    private String message(String status, String content) {
      return """
      {"type": "message", "id": "%s", "status": "%s", "role": "assistant", "content": [%s]}
      """
          .formatted(id(), status, content);
    }

    @Override
    public Event delta(String piece) {
      return new Event(
          "response.output_text.delta",
          "\"content_index\": 0, \"logprobs\": [], \"delta\": " + JsonTemplates.quoted(piece));
    }

    @Override
    public Event done(String said) {
      return new Event(
          "response.output_text.done",
          "\"content_index\": 0, \"logprobs\": [], \"text\": " + JsonTemplates.quoted(said));
    }
  }

  /** A call of a function or of a custom tool. A custom tool accepts a text. */
  record Call(StubCall call, ToolCall toolCall) implements OpenAiOutputItem {
    @Override
    public String id() {
      return call.account().idOf(toolCall.freeform() ? "ctc_" : "fc_", call);
    }

    @Override
    public String begun() {
      return item("in_progress", "");
    }

    @Override
    public String completed(String said) {
      return item("completed", said);
    }

    private String item(String status, String said) {
      return """
      {"type": "%s", "id": "%s", "call_id": "%s", "name": %s, "%s": %s, "status": "%s"}
      """
          .formatted(
              toolCall.freeform() ? "custom_tool_call" : "function_call",
              id(),
              call.account().idOf("call_", call),
              JsonTemplates.quoted(toolCall.name()),
              input(),
              JsonTemplates.quoted(said),
              status);
    }

    private String input() {
      return toolCall.freeform() ? "input" : "arguments";
    }

    private String event() {
      return toolCall.freeform()
          ? "response.custom_tool_call_input"
          : "response.function_call_arguments";
    }

    @Override
    public Event delta(String piece) {
      return new Event(event() + ".delta", "\"delta\": " + JsonTemplates.quoted(piece));
    }

    @Override
    public Event done(String said) {
      return new Event(
          event() + ".done",
          "\"%s\": %s, \"name\": %s"
              .formatted(
                  input(), JsonTemplates.quoted(said), JsonTemplates.quoted(toolCall.name())));
    }
  }
}
