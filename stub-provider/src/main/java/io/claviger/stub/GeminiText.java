package io.claviger.stub;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers {@code generateContent}, and its stream as server-sent events or as one JSON array. */
record GeminiText(boolean streaming) implements StubOperation {
  /** The names of models that charge one search for each prompt, even for several queries. */
  private static final Pattern OLDER = Pattern.compile("^gemini-[12]\\b");

  private static final List<String> CONTINUATIONS =
      List.of(
          "continuationToken",
          "continuation_token",
          "generationConfig.continuationToken",
          "generationConfig.continuation_token");

  @Override
  public StubResponse answer(StubCall call) {
    return StubResponse.json(200, response(call, call.reply()));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return streaming ? stream(call) : null;
  }

  @Override
  public StubBill bill(StubCall call) {
    int queries = call.runs("grounding");
    int charged = OLDER.matcher(call.answeringModel()).find() ? Math.min(1, queries) : queries;
    return StubBill.ofText(
        used(call, call.replyTokens()),
        charged == 0 ? List.of() : List.of(new ProviderLedger.Fee("grounding", "", charged)));
  }

  /**
   * Returns the number of tokens of the earlier answers that the call continues. The model reads
   * these answers again, although the request contains only a token for them: {@code hop-} and the
   * number. Other tokens stand for no answers.
   */
  private static int continued(StubCall call) {
    for (String place : CONTINUATIONS) {
      @Nullable String token = call.fields().scalar(place);
      if (token != null && token.startsWith("hop-")) {
        return Integer.parseInt(token.substring("hop-".length()));
      }
    }
    return 0;
  }

  private static StubUsage used(StubCall call, int said) {
    return StubUsage.of(call, said).reading(continued(call));
  }

  static TextStream stream(StubCall call) {
    boolean events = call.query().containsKey("alt");
    return events ? new Events(call) : new Elements(call);
  }

  static String response(StubCall call, String text) {
    return response(call, part(call, text), used(call, call.replyTokens()), true);
  }

  private static String part(StubCall call, String said) {
    @Nullable ToolCall toolCall = call.script().toolCall();
    return toolCall == null
        ? "{\"text\": %s}".formatted(JsonTemplates.quoted(said))
        : "{\"functionCall\": {\"id\": \"%s\", \"name\": %s, \"args\": %s}}"
            .formatted(call.id(), JsonTemplates.quoted(toolCall.name()), toolCall.arguments());
  }

  private static String response(StubCall call, String part, StubUsage usage, boolean last) {
    return ("{\"candidates\": [{\"content\": {\"parts\": [%s], \"role\": \"model\"}, "
            + "%s\"index\": 0%s}], \"usageMetadata\": %s, "
            + "\"modelVersion\": %s, \"responseId\": \"%s\"}")
        .formatted(
            part,
            last ? "\"finishReason\": \"STOP\", " : "",
            last ? grounding(call) : "",
            call.stated(usage(usage, call.tier())),
            JsonTemplates.quoted(call.answeringModel()),
            call.id());
  }

  /**
   * Returns the results of a search. One of the listed queries is a repetition, and one is empty.
   * Neither of these two is charged.
   */
  private static String grounding(StubCall call) {
    int queries = call.runs("grounding");
    if (queries == 0) {
      return "";
    }
    String each =
        IntStream.range(0, queries)
            .mapToObj(i -> "\"parrots \\u00e9 %d\"".formatted(i))
            .collect(Collectors.joining(", "));
    return (", \"groundingMetadata\": {\"webSearchQueries\": [\"\", %s, \"parrots \\u00e9 0\"], "
            + "\"groundingChunks\": [{\"web\": {\"uri\": \"https://x\", \"title\": \"x\"}}]}")
        .formatted(each);
  }

  private static String usage(StubUsage usage, String tier) {
    String cached =
        usage.cached() == 0 ? "" : "\"cachedContentTokenCount\": %d, ".formatted(usage.cached());
    String thoughts =
        usage.reasoning() == 0 ? "" : "\"thoughtsTokenCount\": %d, ".formatted(usage.reasoning());
    return ("{\"promptTokenCount\": %d, \"candidatesTokenCount\": %d, %s%s"
            + "\"promptTokensDetails\": %s, \"candidatesTokensDetails\": %s, "
            + "\"totalTokenCount\": %d, \"serviceTier\": \"%s\"}")
        .formatted(
            usage.input(),
            usage.said(),
            cached,
            thoughts,
            details(usage.input(), usage.audioIn(), usage.images()),
            details(usage.said(), usage.audioOut(), 0),
            usage.total(),
            tier);
  }

  private static String details(int sum, int audio, int images) {
    return Stream.of(
            detail("TEXT", sum - audio - images), detail("AUDIO", audio), detail("IMAGE", images))
        .filter(detail -> !detail.isEmpty())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String detail(String modality, int tokens) {
    return tokens == 0
        ? ""
        : "{\"modality\": \"%s\", \"tokenCount\": %d}".formatted(modality, tokens);
  }

  /**
   * The responses of one stream. Each response states the number of tokens so far. Only the last
   * response contains the function call, in one piece.
   */
  private static final class Parts {
    private final StubCall call;
    private int characters;

    Parts(StubCall call) {
      this.call = call;
    }

    String next(String text) {
      characters += text.length();
      String said = call.script().toolCall() == null ? text : "";
      return response(
          call,
          "{\"text\": %s}".formatted(JsonTemplates.quoted(said)),
          used(call, StubCall.tokens(characters)),
          false);
    }

    String last() {
      return response(call, part(call, ""), used(call, call.replyTokens()), true);
    }
  }

  private record Events(Parts parts) implements TextStream {
    Events(StubCall call) {
      this(new Parts(call));
    }

    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return "data: " + parts.next(text) + "\r\n\r\n";
    }

    @Override
    public String closing(String wholeText) {
      return "data: " + parts.last() + "\r\n\r\n";
    }
  }

  private record Elements(Parts parts) implements TextStream {
    Elements(StubCall call) {
      this(new Parts(call));
    }

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public String opening() {
      return "[";
    }

    @Override
    public String piece(String text) {
      return parts.next(text) + ",\n";
    }

    @Override
    public String closing(String wholeText) {
      return parts.last() + "]";
    }
  }
}
