package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code completions}, the older operation for text. */
final class OpenAiCompletions implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    return StubResponse.json(
        200, completion(call, call.reply(), "\"stop\"", OpenAiChat.usage(call)));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? new Chunks(call) : null;
  }

  private static String completion(StubCall call, String text, String finishReason, String usage) {
    return ("{\"id\": \"cmpl-%s\", \"object\": \"text_completion\", \"created\": 1767225600, "
            + "\"model\": %s, \"choices\": [{\"index\": 0, \"text\": %s, \"logprobs\": null, "
            + "\"finish_reason\": %s}], \"usage\": %s}")
        .formatted(call.id(), Json.quoted(call.model()), Json.quoted(text), finishReason, usage);
  }

  private record Chunks(StubCall call) implements TextStream {
    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return "data: " + completion(call, text, "null", "null") + "\n\n";
    }

    @Override
    public String closing(String wholeText) {
      String last = completion(call, "", "\"stop\"", OpenAiChat.usage(call));
      return "data: " + last + "\n\ndata: [DONE]\n\n";
    }
  }
}
