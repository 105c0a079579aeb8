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

  @Override
  public StubBill bill(StubCall call) {
    return StubBill.ofText(
        call, StubBill.fees(call, "web_search", "billed_fetch", "code_interpreter"));
  }

  TextStream stream(StubCall call) {
    return new Events(call);
  }

  static StubResponse message(StubCall call, String text) {
    @Nullable ToolCall toolCall = call.script().toolCall();
    String content = toolCall == null ? text(text) : toolUse(call, toolCall, text);
    String result = AnthropicStore.resultOfCode(call);
    return StubResponse.json(
        200,
        message(
            call,
            result.isEmpty() ? content : content + ", " + result,
            stopReason(call),
            StubUsage.of(call).output()));
  }

  private static String text(String text) {
    return "{\"type\": \"text\", \"text\": %s}".formatted(JsonTemplates.quoted(text));
  }

  /**
   * @param input the arguments of the tool, as a JSON object
   */
  private static String toolUse(StubCall call, ToolCall toolCall, String input) {
    return "{\"type\": \"tool_use\", \"id\": \"%s\", \"name\": %s, \"input\": %s}"
        .formatted(
            call.account().idOf("toolu_01", call), JsonTemplates.quoted(toolCall.name()), input);
  }

  private static String stopReason(StubCall call) {
    return call.script().toolCall() == null ? "\"end_turn\"" : "\"tool_use\"";
  }

  private static String message(StubCall call, String content, String stopReason, int tokens) {
    return ("{\"id\": \"%s\", \"type\": \"message\", \"role\": \"assistant\", \"model\": %s, "
            + "\"content\": [%s], \"stop_reason\": %s, \"stop_sequence\": null, \"usage\": %s%s}")
        .formatted(
            call.account().idOf("msg_01", call),
            JsonTemplates.quoted(call.answeringModel()),
            content,
            stopReason,
            call.stated(usage(call, tokens)),
            AnthropicStore.container(call));
  }

  private static String usage(StubCall call, int output) {
    StubUsage usage = StubUsage.of(call);
    boolean isFast = call.tier().equals("fast");
    return ("{\"input_tokens\": %d, \"cache_creation_input_tokens\": %d, "
            + "\"cache_read_input_tokens\": %d, \"cache_creation\": "
            + "{\"ephemeral_5m_input_tokens\": %d, \"ephemeral_1h_input_tokens\": %d}, "
            + "\"output_tokens\": %d, \"service_tier\": \"%s\"%s%s}")
        .formatted(
            usage.fresh(),
            usage.written(),
            usage.cached(),
            usage.written5m(),
            usage.written1h(),
            output,
            isFast ? ProviderLedger.STANDARD : call.tier(),
            isFast ? ", \"speed\": \"fast\"" : "",
            serverTools(call));
  }

  /**
   * Returns the member of the usage object that says how often tools ran at the provider; an empty
   * text if no tool ran.
   */
  private static String serverTools(StubCall call) {
    int fetches = call.runs("web_fetch") + call.runs("billed_fetch");
    return call.runs("web_search") + fetches + call.runs("code_interpreter") == 0
        ? ""
        : (", \"server_tool_use\": {\"web_search_requests\": %d, \"web_fetch_requests\": %d, "
                + "\"code_execution_requests\": %d}")
            .formatted(call.runs("web_search"), fetches, call.runs("code_interpreter"));
  }

  private record Events(StubCall call) implements TextStream {
    @Override
    public String opening() {
      @Nullable ToolCall toolCall = call.script().toolCall();
      String block = toolCall == null ? text("") : toolUse(call, toolCall, "{}");
      return event("message_start", ", \"message\": " + message(call, "", "null", 1))
          + event("content_block_start", ", \"index\": 0, \"content_block\": " + block)
          + event("ping", "");
    }

    @Override
    public String piece(String text) {
      String delta =
          call.script().toolCall() == null
              ? "\"type\": \"text_delta\", \"text\": "
              : "\"type\": \"input_json_delta\", \"partial_json\": ";
      return event(
          "content_block_delta",
          ", \"index\": 0, \"delta\": {%s%s}".formatted(delta, JsonTemplates.quoted(text)));
    }

    @Override
    public String closing(String wholeText) {
      String end =
          "\"delta\": {\"stop_reason\": %s, \"stop_sequence\": null}".formatted(stopReason(call));
      String result = AnthropicStore.resultOfCode(call);
      return event("content_block_stop", ", \"index\": 0")
          + (result.isEmpty()
              ? ""
              : event("content_block_start", ", \"index\": 1, \"content_block\": " + result)
                  + event("content_block_stop", ", \"index\": 1"))
          + event(
              "message_delta",
              ", %s, \"usage\": %s"
                  .formatted(
                      end,
                      call.stated(
                          "{\"output_tokens\": %d%s}"
                              .formatted(StubUsage.of(call).output(), serverTools(call)))))
          + event("message_stop", "");
    }

    private static String event(String type, String fields) {
      return "event: %s\ndata: {\"type\": \"%s\"%s}\n\n".formatted(type, type, fields);
    }
  }
}
