package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code responses}. */
final class OpenAiResponses implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    String output = "[" + OpenAiOutputItem.of(call).completed(call.reply()) + "]";
    return StubResponse.json(200, response(call, "completed", output, usage(call)));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? new OpenAiResponseEvents(call) : null;
  }

  static String response(StubCall call, String status, String output, String usage) {
    return """
    {"id": "resp_%s", "object": "response", "created_at": 1767225600, "status": "%s",
      "error": null, "incomplete_details": null, "instructions": null, "metadata": {},
      "model": %s, "output": %s, "parallel_tool_calls": true, "temperature": 1.0,
      "tool_choice": "auto", "tools": [], "top_p": 1.0, "usage": %s}
    """
        .formatted(call.id(), status, JsonTemplates.quoted(call.model()), output, usage);
  }

  static String usage(StubCall call) {
    StubUsage usage = StubUsage.of(call);
    return """
    {"input_tokens": %d, "input_tokens_details": {"cached_tokens": %d}, "output_tokens": %d,
      "output_tokens_details": {"reasoning_tokens": %d}, "total_tokens": %d}
    """
        .formatted(usage.input(), usage.cached(), usage.output(), usage.reasoning(), usage.total());
  }

  /** Answers {@code responses/compact}: the conversation as one item that only the API can read. */
  static StubResponse compacted(StubCall call) {
    return StubResponse.json(
        200,
        """
        {"id": "resp_%1$s", "object": "response.compaction", "created_at": 1767225600,
          "output": [{"type": "compaction", "id": "cmp_%1$s", "encrypted_content": "c3R1Yg=="}],
          "usage": %2$s}
        """
            .formatted(call.id(), usage(call)));
  }
}
