package io.claviger.stub;

import java.util.List;
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

  @Override
  public StubBill bill(StubCall call) {
    return StubBill.ofText(call, List.of());
  }

  TextStream stream(StubCall call) {
    return new Events(call);
  }

  static StubResponse message(StubCall call, String text) {
    @Nullable ToolCall toolCall = call.script().toolCall();
    String said =
        toolCall == null
            ? "\"content\": [{\"type\": \"text\", \"text\": %s}]"
                .formatted(JsonTemplates.quoted(text))
            : "\"tool_plan\": \"I will call it.\", \"tool_calls\": [%s]"
                .formatted(toolCall(call, toolCall, text));
    return StubResponse.json(
        200,
        """
        {"id": "%s", "finish_reason": "%s", "message": {"role": "assistant", %s}, "usage": %s}
        """
            .formatted(call.id(), finishReason(call), said, usage(call)));
  }

  private static String toolCall(StubCall call, ToolCall toolCall, String arguments) {
    return """
    {"id": "tool_%s", "type": "function", "function": {"name": %s, "arguments": %s}}\
    """
        .formatted(
            call.id(), JsonTemplates.quoted(toolCall.name()), JsonTemplates.quoted(arguments));
  }

  private static String finishReason(StubCall call) {
    return call.script().toolCall() == null ? "COMPLETE" : "TOOL_CALL";
  }

  private static String usage(StubCall call) {
    return call.stated("{" + units(call) + "}");
  }

  /** Returns the fields of a usage object without its braces: the billed units and the tokens. */
  static String units(StubCall call) {
    StubUsage usage = StubUsage.of(call);
    String tokens = "\"%s\": {\"input_tokens\": %d, \"output_tokens\": %d}";
    return tokens.formatted("billed_units", usage.input(), usage.output())
        + ", "
        + tokens.formatted("tokens", usage.input() + PREAMBLE_TOKENS, usage.output())
        + ", \"cached_tokens\": "
        + usage.cached();
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
          + block("start", begun());
    }

    private String begun() {
      @Nullable ToolCall toolCall = call.script().toolCall();
      return toolCall == null
          ? "\"content\": {\"type\": \"text\", \"text\": \"\"}"
          : "\"tool_calls\": " + toolCall(call, toolCall, "");
    }

    @Override
    public String piece(String text) {
      String delta =
          call.script().toolCall() == null
              ? "\"content\": {\"text\": %s}"
              : "\"tool_calls\": {\"function\": {\"arguments\": %s}}";
      return block("delta", delta.formatted(JsonTemplates.quoted(text)));
    }

    @Override
    public String closing(String wholeText) {
      return event(blockType() + "end", "\"index\": 0")
          + event(
              "message-end",
              "\"delta\": {\"finish_reason\": \"%s\", \"usage\": %s}"
                  .formatted(finishReason(call), usage(call)))
          + "data: [DONE]\n\n";
    }

    private String blockType() {
      return call.script().toolCall() == null ? "content-" : "tool-call-";
    }

    private String block(String type, String message) {
      return event(
          blockType() + type, "\"index\": 0, \"delta\": {\"message\": {%s}}".formatted(message));
    }

    private static String event(String type, String fields) {
      return "event: %s\ndata: {\"type\": \"%s\", %s}\n\n".formatted(type, type, fields);
    }
  }
}
