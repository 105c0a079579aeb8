package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code chat/completions}. */
final class OpenAiChat implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    return completion(call, call.reply());
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? stream(call) : null;
  }

  TextStream stream(StubCall call) {
    return new Chunks(call, call.fields().flag("stream_options.include_usage"));
  }

  static StubResponse completion(StubCall call, String text) {
    return StubResponse.json(
        200,
        """
        {"id": "chatcmpl-%s", "object": "chat.completion", "created": 1767225600, "model": %s,
          "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
            "message": {"role": "assistant", "content": %s, "refusal": null}}],
          "usage": %s}
        """
            .formatted(call.id(), Json.quoted(call.model()), Json.quoted(text), usage(call)));
  }

  static String usage(StubCall call) {
    return "{\"prompt_tokens\": %d, \"completion_tokens\": %d, \"total_tokens\": %d}"
        .formatted(
            call.promptTokens(), call.replyTokens(), call.promptTokens() + call.replyTokens());
  }

  /**
   * The chunks of a stream. They have a usage only if the caller asked for it. It is null in all
   * but the last.
   */
  private record Chunks(StubCall call, boolean withUsage) implements TextStream {
    @Override
    public String opening() {
      return choice("{\"role\": \"assistant\", \"content\": \"\", \"refusal\": null}", "null");
    }

    @Override
    public String piece(String text) {
      return choice("{\"content\": " + Json.quoted(text) + "}", "null");
    }

    @Override
    public String closing(String wholeText) {
      String usage = withUsage ? chunk("[]", usage(call)) : "";
      return choice("{}", "\"stop\"") + usage + "data: [DONE]\n\n";
    }

    private String choice(String delta, String finishReason) {
      return chunk(
          "[{\"index\": 0, \"delta\": %s, \"logprobs\": null, \"finish_reason\": %s}]"
              .formatted(delta, finishReason),
          "null");
    }

    private String chunk(String choices, String usage) {
      return "data: {\"id\": \"chatcmpl-%s\", \"object\": \"chat.completion.chunk\", "
              .formatted(call.id())
          + "\"created\": 1767225600, \"model\": %s, \"choices\": %s%s}\n\n"
              .formatted(
                  Json.quoted(call.model()), choices, withUsage ? ", \"usage\": " + usage : "");
    }
  }
}
