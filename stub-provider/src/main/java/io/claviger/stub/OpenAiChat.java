package io.claviger.stub;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Answers {@code chat/completions}. */
final class OpenAiChat implements StubOperation {
  private static final Pattern SEARCHING = Pattern.compile("-search-(?:preview|api)");

  @Override
  public StubResponse answer(StubCall call) {
    StubResponse completion = completion(call, call.reply());
    OpenAiStoredChats.keep(call, completion.body());
    return completion;
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? stream(call) : null;
  }

  @Override
  public StubBill bill(StubCall call) {
    return bill(
        call,
        makesImages(call)
            ? List.of(new ProviderLedger.Fee("image", "", images(call)))
            : searches(call)
                ? List.of(new ProviderLedger.Fee("web_search", "", answers(call)))
                : StubBill.fees(
                    call, "web_search", "audio_second", "routed_search", "routed_fetch"));
  }

  /** Returns the bill for all answers to a prompt together. */
  static StubBill bill(StubCall call, List<ProviderLedger.Fee> fees) {
    return new StubBill(StubBill.COMPLETIONS, used(call), fees);
  }

  private static StubUsage used(StubCall call) {
    return StubUsage.of(call, answers(call) * call.replyTokens());
  }

  /** The requested number of answers, from 1 to 128. */
  static int answers(StubCall call) {
    @Nullable String n = call.fields().scalar("n");
    if (n == null) {
      return 1;
    }
    if (!n.matches("[1-9]\\d?|1[01]\\d|12[0-8]")) {
      throw new BadCall("n must be 1 to 128");
    }
    return Integer.parseInt(n);
  }

  /**
   * Returns the same choice once for each requested answer.
   *
   * @param members the members of a choice, without its index
   */
  static String choices(StubCall call, String members) {
    return IntStream.range(0, answers(call))
        .mapToObj(i -> "{\"index\": %d, %s}".formatted(i, members))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Whether Mistral's tool for images is the last tool of the request. */
  private static boolean makesImages(StubCall call) {
    return "image_generation".equals(call.fields().scalar("tools.type"));
  }

  private static int images(StubCall call) {
    return Math.max(1, call.runs("image"));
  }

  /** Stores the images in the account, and returns the parts of a message that name the files. */
  private static String storedImages(StubCall call) {
    return IntStream.range(0, images(call))
        .mapToObj(
            i ->
                """
                {"type": "tool_file", "tool": "image_generation", "file_id": "%s"}\
                """
                    .formatted(
                        OpenAiFiles.keep(
                                call.account(), "image.png", "vision", 3, new byte[] {1, 2, 3})
                            .id()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * Returns the member with the messages of a chat in which a tool made images, as Mistral states
   * them. The usage of such a chat does not contain the number of images.
   */
  private static String messages(StubCall call, String text) {
    String calls =
        IntStream.range(0, images(call))
            .mapToObj(
                i ->
                    """
                    {"id": "call_%d", "function": {"name": "image_generation", "arguments": "{}"}}\
                    """
                        .formatted(i))
            .collect(Collectors.joining(", "));
    return """
    "messages": [{"role": "assistant", "content": "", "tool_calls": [%s]},
      {"role": "assistant", "content": %s}, {"role": "assistant", "content": %s}]\
    """
        .formatted(calls, storedImages(call), JsonTemplates.quoted(text));
  }

  /** Whether the model searches the web before each answer. */
  private static boolean searches(StubCall call) {
    return SEARCHING.matcher(call.answeringModel()).find();
  }

  /** Returns the member with the searches that the script requests, as Groq states them. */
  private static String executedTools(StubCall call) {
    return IntStream.range(0, call.runs("web_search"))
        .mapToObj(
            i ->
                "{\"index\": %d, \"type\": \"%s\", \"arguments\": \"{}\", \"output\": \"parrots\"}"
                    .formatted(i, i % 2 == 0 ? "search" : "browser_search"))
        .collect(Collectors.joining(", ", "\"executed_tools\": [", "]"));
  }

  TextStream stream(StubCall call) {
    return new Chunks(call, statesUsage(call));
  }

  static boolean statesUsage(StubCall call) {
    return call.fields().flag("stream_options.include_usage");
  }

  static StubResponse completion(StubCall call, String text) {
    @Nullable ToolCall toolCall = call.script().toolCall();
    String said =
        toolCall == null
            ? "\"content\": " + JsonTemplates.quoted(text)
            : "\"content\": null, \"tool_calls\": [%s]".formatted(toolCall(call, toolCall, text));
    return StubResponse.json(
        200,
        """
        {"id": "%s", "object": "chat.completion", "created": 1767225600, "model": %s,
          "choices": %s, "usage": %s, "service_tier": "%s"}
        """
            .formatted(
                call.account().idOf("chatcmpl-", call),
                JsonTemplates.quoted(call.answeringModel()),
                choices(
                    call,
                    "\"finish_reason\": %s, \"logprobs\": null, %s"
                        .formatted(
                            finishReason(call),
                            makesImages(call) ? messages(call, text) : message(call, said))),
                usage(call),
                statedTier(call)));
  }

  private static String message(StubCall call, String said) {
    return """
    "message": {"role": "assistant", %s, "refusal": null, "annotations": []%s}\
    """
        .formatted(said, call.runs("web_search") > 0 ? ", " + executedTools(call) : "");
  }

  private static String toolCall(StubCall call, ToolCall toolCall, String arguments) {
    return """
    {"id": "%s", "type": "function", "function": {"name": %s, "arguments": %s}}\
    """
        .formatted(
            call.account().idOf("call_", call),
            JsonTemplates.quoted(toolCall.name()),
            JsonTemplates.quoted(arguments));
  }

  private static String finishReason(StubCall call) {
    return call.script().toolCall() == null ? "\"stop\"" : "\"tool_calls\"";
  }

  /** Returns OpenAI's name for the tier in which the call is answered. */
  static String statedTier(StubCall call) {
    return call.tier().equals(ProviderLedger.STANDARD) ? "default" : call.tier();
  }

  static String usage(StubCall call) {
    return usage(call, used(call));
  }

  static String usage(StubCall call, StubUsage usage) {
    String stated =
        ("{\"prompt_tokens\": %d, \"completion_tokens\": %d, \"total_tokens\": %d, "
                + "\"prompt_audio_seconds\": %s, "
                + "\"prompt_tokens_details\": {\"cached_tokens\": %d, "
                + "\"cache_write_tokens\": %d, \"audio_tokens\": %d}, "
                + "\"completion_tokens_details\": {\"reasoning_tokens\": %d, \"audio_tokens\": %d, "
                + "\"accepted_prediction_tokens\": 0, \"rejected_prediction_tokens\": 0}%s}")
            .formatted(
                usage.input(),
                usage.output(),
                usage.total(),
                call.runs("audio_second") > 0 ? call.runs("audio_second") : "null",
                usage.cached(),
                usage.written(),
                usage.audioIn(),
                usage.reasoning(),
                usage.audioOut(),
                isRouted(call) ? routed(call) : "");
    return call.stated(stated);
  }

  /** Whether a tool that runs, or the last tool of the request, is a tool of OpenRouter. */
  private static boolean isRouted(StubCall call) {
    @Nullable String tool = call.fields().scalar("tools.type");
    return call.runs("routed_search") + call.runs("routed_fetch") > 0
        || (tool != null && tool.startsWith("openrouter:"));
  }

  /** Returns the members of the usage with the cost of the whole call, as OpenRouter states it. */
  private static String routed(StubCall call) {
    List<ProviderLedger.Fee> fees = StubBill.fees(call, "routed_search", "routed_fetch");
    int searches = call.runs("routed_search");
    int runs = searches + call.runs("routed_fetch");
    return """
    , "cost": %s, "is_byok": false, "cost_details": {"upstream_inference_cost": null}, \
    "server_tool_use_details": {"tool_calls_requested": %d, "tool_calls_executed": %d, \
    "web_search_requests": %d}\
    """
        .formatted(
            ProviderLedger.USUAL.cost(call.tier(), used(call).billed(), fees).toPlainString(),
            runs,
            runs,
            searches);
  }

  /**
   * The chunks of a stream of {@code chat/completions}. The chunks contain a field for the usage
   * only if the caller requested the usage. In all chunks except the last, the field is null.
   */
  private record Chunks(StubCall call, boolean withUsage) implements TextStream {
    @Override
    public String opening() {
      @Nullable ToolCall toolCall = call.script().toolCall();
      String begun =
          toolCall == null
              ? "\"content\": \"\", \"refusal\": null"
              : "\"content\": null, \"refusal\": null, "
                  + toolCalls(toolCall(call, toolCall, "").substring(1));
      return choice("{\"role\": \"assistant\", " + begun + "}", "null");
    }

    @Override
    public String piece(String text) {
      String delta =
          call.script().toolCall() == null
              ? "\"content\": " + JsonTemplates.quoted(text)
              : toolCalls(
                  "\"function\": {\"arguments\": %s}}".formatted(JsonTemplates.quoted(text)));
      return choice("{" + delta + "}", "null");
    }

    /**
     * @param fields the fields of the call, with the closing brace
     */
    private static String toolCalls(String fields) {
      return "\"tool_calls\": [{\"index\": 0, " + fields + "]";
    }

    @Override
    public String closing(String wholeText) {
      if (!makesImages(call)) { // Mistral stores no chats
        OpenAiStoredChats.keep(call, completion(call, wholeText).body());
      }
      String usage = withUsage ? chunk("[]", usage(call)) : "";
      // In a stream, the same runs of tools are stated several times.
      String tools =
          call.runs("web_search") > 0
              ? choice("{" + executedTools(call) + "}", "null").repeat(2)
              : "";
      String images =
          makesImages(call)
              ? choice("{\"content\": " + storedImages(call) + "}", "null").repeat(2)
              : "";
      return images + tools + choice("{}", finishReason(call)) + usage + "data: [DONE]\n\n";
    }

    private String choice(String delta, String finishReason) {
      return chunk(
          choices(
              call,
              "\"delta\": %s, \"logprobs\": null, \"finish_reason\": %s"
                  .formatted(delta, finishReason)),
          "null");
    }

    private String chunk(String choices, String usage) {
      return "data: {\"id\": \"%s\", \"object\": \"chat.completion.chunk\", "
              .formatted(call.account().idOf("chatcmpl-", call))
          + "\"created\": 1767225600, \"model\": %s, \"service_tier\": \"%s\", \"choices\": %s%s}\n\n"
              .formatted(
                  JsonTemplates.quoted(call.answeringModel()),
                  statedTier(call),
                  choices,
                  withUsage ? ", \"usage\": " + usage : "");
    }
  }
}
