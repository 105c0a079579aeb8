package io.claviger.stub;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers {@code responses}. */
final class OpenAiResponses implements StubOperation {
  /** Answers {@code responses/compact}. */
  static final StubOperation COMPACTION =
      ((StubOperation) OpenAiResponses::compacted).billed(call -> StubBill.ofText(call, List.of()));

  @Override
  public StubResponse answer(StubCall call) {
    List<OpenAiPrelude> items = new ArrayList<>(OpenAiPrelude.of(call));
    OpenAiOutputItem item = OpenAiOutputItem.of(call);
    items.add(new OpenAiPrelude(item.id(), item.completed(call.reply())));
    String completed = completed(call, items);
    if (call.fields().flag("background") && OpenAiStoredResponses.isStored(call)) {
      String queued = response(call, "queued", "[]", "null");
      OpenAiStoredResponses.keep(call, queued, List.of());
      call.account().afterAMoment(() -> OpenAiStoredResponses.finish(call, completed, items));
      return StubResponse.json(200, queued);
    }
    OpenAiStoredResponses.keep(call, completed, items);
    return StubResponse.json(200, completed);
  }

  @Override
  public StubBill bill(StubCall call) {
    return StubBill.ofText(used(call), OpenAiPrelude.fees(call));
  }

  /** Returns the whole response as JSON, with these items. */
  static String completed(StubCall call, List<OpenAiPrelude> items) {
    String output =
        items.stream().map(OpenAiPrelude::item).collect(Collectors.joining(", ", "[", "]"));
    return response(call, "completed", output, usage(call));
  }

  static StubResponse inputTokens(StubCall call) {
    return StubResponse.json(
        200,
        "{\"object\": \"response.input_tokens\", \"input_tokens\": %d}"
            .formatted(StubUsage.of(call).input()));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? new OpenAiResponseEvents(call) : null;
  }

  static String response(StubCall call, String status, String output, String usage) {
    return """
    {"id": "%s", "object": "response", "created_at": 1767225600, "status": "%s",
      "background": %s, "error": null, "incomplete_details": null, "instructions": null,
      "metadata": {}, "model": %s, "output": %s, "parallel_tool_calls": true,
      "previous_response_id": %s, "store": %s, "temperature": 1.0,
      "service_tier": "%s", "tool_choice": "auto", "tools": [], "top_p": 1.0, "usage": %s%s}
    """
        .formatted(
            call.account().idOf("resp_", call),
            status,
            call.fields().flag("background"),
            JsonTemplates.quoted(call.answeringModel()),
            output,
            quoted(call.fields().scalar("previous_response_id")),
            OpenAiStoredResponses.isStored(call),
            status.equals("completed") ? OpenAiChat.statedTier(call) : "auto",
            usage,
            status.equals("completed") && call.runs("image") > 0
                ? ofImages(call.runs("image"), call.runs("image_read"))
                : "");
  }

  /**
   * Returns the usage of the image generation tool. This usage is separate from the other usage.
   *
   * @param read the number of tokens that the tool reads beside its prompts
   */
  private static String ofImages(int runs, int read) {
    return """
    , "tool_usage": {"image_gen": {"input_tokens": %2$d, "output_tokens": %1$d,
      "output_tokens_details": {"image_tokens": %1$d}}}
    """
        .formatted(runs, OpenAiPrelude.PROMPT_OF_AN_IMAGE * runs + read);
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : JsonTemplates.quoted(text);
  }

  /** Returns the usage. In the mode {@code pro}, the model reads and writes many times. */
  private static StubUsage used(StubCall call) {
    boolean isPro = "pro".equals(call.fields().scalar("reasoning.mode"));
    return StubUsage.of(call).times(isPro ? 40 : 1);
  }

  static String usage(StubCall call) {
    StubUsage usage = used(call);
    String stated =
        """
        {"input_tokens": %d, "output_tokens": %d,
          "input_tokens_details": {"cached_tokens": %d, "cache_write_tokens": %d},
          "output_tokens_details": {"reasoning_tokens": %d}, "total_tokens": %d%s}
        """
            .formatted(
                usage.input(),
                usage.output(),
                usage.cached(),
                usage.written(),
                usage.reasoning(),
                usage.total(),
                call.answeringModel().startsWith("grok") ? ofXai(call, usage) : "");
    return call.stated(stated);
  }

  /** Returns the members of the usage that only xAI states. */
  private static String ofXai(StubCall call, StubUsage usage) {
    BigDecimal cost =
        ProviderLedger.USUAL.cost(call.tier(), usage.billed(), OpenAiPrelude.fees(call));
    String finds = call.runs("post") + call.runs("profile") > 0 ? searchesOnX(call) : "";
    return finds
        + ", \"cost_in_usd_ticks\": "
        + cost.movePointRight(10).setScale(0, RoundingMode.CEILING).toPlainString();
  }

  /** Returns the member with the numbers of what a search on X has found, as xAI states them. */
  private static String searchesOnX(StubCall call) {
    return """
    , "server_side_tool_usage_details": {"web_search_calls": %d, "x_search_calls": 1,
      "x_posts_fetched": %d, "x_users_fetched": %d}\
    """
        .formatted(call.runs("web_search"), call.runs("post"), call.runs("profile"));
  }

  /**
   * Answers {@code responses/compact} with the whole conversation as one item that only the API
   * itself can read.
   */
  private static StubResponse compacted(StubCall call) {
    return StubResponse.json(
        200,
        """
        {"id": "%1$s", "object": "response.compaction", "created_at": 1767225600,
          "output": [{"type": "compaction", "id": "%3$s", "encrypted_content": "c3R1Yg=="}],
          "usage": %2$s}
        """
            .formatted(
                call.account().idOf("resp_", call),
                usage(call),
                call.account().idOf("cmp_", call)));
  }
}
