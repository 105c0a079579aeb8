package io.claviger.stub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@code completions}, OpenAI's older operation for generating text. */
final class OpenAiCompletions implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    String choices = choices(call, call.reply(), "\"stop\"");
    return StubResponse.json(200, completion(call, choices, ", \"usage\": " + usage(call)));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? new Chunks(call, OpenAiChat.statesUsage(call)) : null;
  }

  @Override
  public StubBill bill(StubCall call) {
    return new StubBill(StubBill.COMPLETIONS, used(call), List.of());
  }

  private static String usage(StubCall call) {
    return OpenAiChat.usage(call, used(call));
  }

  /** Returns the use of all texts that are written for all prompts, chosen or not. */
  private static StubUsage used(StubCall call) {
    @Nullable String most = call.fields().scalar("best_of");
    int written = Math.max(OpenAiChat.answers(call), most == null ? 1 : Integer.parseInt(most));
    return StubUsage.of(call, written * Math.max(1, call.prompts().size()) * call.replyTokens());
  }

  private static String choices(StubCall call, String text, String finishReason) {
    return OpenAiChat.choices(
        call,
        "\"text\": %s, \"logprobs\": null, \"finish_reason\": %s"
            .formatted(JsonTemplates.quoted(text), finishReason));
  }

  private static String completion(StubCall call, String choices, String usage) {
    return ("{\"id\": \"cmpl-%s\", \"object\": \"text_completion\", \"created\": 1767225600, "
            + "\"model\": %s, \"choices\": %s%s}")
        .formatted(call.id(), JsonTemplates.quoted(call.answeringModel()), choices, usage);
  }

  /** The chunks of a stream. The chunks state the usage only if the caller requested the usage. */
  private record Chunks(StubCall call, boolean withUsage) implements TextStream {
    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return chunk(choices(call, text, "null"), "null");
    }

    @Override
    public String closing(String wholeText) {
      String usage = withUsage ? chunk("[]", usage(call)) : "";
      return chunk(choices(call, "", "\"stop\""), "null") + usage + "data: [DONE]\n\n";
    }

    private String chunk(String choices, String usage) {
      String stated = withUsage ? ", \"usage\": " + usage : "";
      return "data: " + completion(call, choices, stated) + "\n\n";
    }
  }
}
