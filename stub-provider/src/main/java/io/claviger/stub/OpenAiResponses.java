package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** Answers {@code responses}. */
final class OpenAiResponses implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    String output = "[" + message(call, "completed", part(call.reply())) + "]";
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
        .formatted(call.id(), status, Json.quoted(call.model()), output, usage);
  }

  static String message(StubCall call, String status, String content) {
    return """
    {"type": "message", "id": "msg_%s", "status": "%s", "role": "assistant", "content": [%s]}
    """
        .formatted(call.id(), status, content);
  }

  static String part(String text) {
    return "{\"type\": \"output_text\", \"text\": %s, \"annotations\": [], \"logprobs\": []}"
        .formatted(Json.quoted(text));
  }

  static String usage(StubCall call) {
    return """
    {"input_tokens": %d, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": %d,
      "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": %d}
    """
        .formatted(
            call.promptTokens(), call.replyTokens(), call.promptTokens() + call.replyTokens());
  }
}
