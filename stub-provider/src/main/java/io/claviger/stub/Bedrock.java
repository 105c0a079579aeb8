package io.claviger.stub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Imitates the runtime API of Amazon Bedrock. In the path of a call, the operation's name follows
 * the model's name. An invoked model answers like Anthropic's models if the body contains {@code
 * anthropic_version}. For any other body, the model answers with a vector, like Amazon's Titan. The
 * stub also has the list of models, which AWS serves on another host.
 */
final class Bedrock implements ApiFormat {
  private static final String LISTED = "/foundation-models";
  private static final String COLLECTION = "/model/";
  private static final AnthropicMessages MESSAGES = new AnthropicMessages();

  private static final Map<String, StubOperation> OPERATIONS =
      Map.of(
          "converse",
          new Text(Bedrock::conversed, null, Bedrock::ofText),
          "converse-stream",
          new Text(Bedrock::conversed, Converse::new, Bedrock::ofText),
          "invoke",
          new Text(Bedrock::invoked, null, call -> Invocation.of(call).bill(call)),
          "invoke-with-response-stream",
          new Text(Bedrock::invoked, Chunks::new, Bedrock::ofText),
          "count-tokens",
          Bedrock::counted);

  /** Returns the operation for a path; null if there is none. */
  @Nullable Route find(String path) {
    int from = path.lastIndexOf(COLLECTION) + COLLECTION.length();
    int verb = path.lastIndexOf('/');
    StubOperation operation = OPERATIONS.get(path.substring(verb + 1));
    return from < COLLECTION.length() || verb <= from || operation == null
        ? null
        : new Route(
            this, operation, QueryStringDecoder.decodeComponent(path.substring(from, verb)));
  }

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return path.contains(COLLECTION)
        || path.endsWith(LISTED)
        || path.endsWith("/async-invoke")
        || headers.contains("amz-sdk-invocation-id");
  }

  /**
   * Returns an empty map, because the end of a path alone does not determine the operation (see
   * {@link #find}).
   */
  @Override
  public Map<String, StubOperation> operations() {
    return Map.of();
  }

  @Override
  public @Nullable StubResponse read(String path, List<String> models) {
    if (path.endsWith("/async-invoke")) {
      return StubResponse.json(200, "{\"asyncInvokeSummaries\": []}");
    }
    return path.endsWith(LISTED)
        ? StubResponse.json(
            200,
            models.stream()
                .map(Bedrock::described)
                .collect(Collectors.joining(", ", "{\"modelSummaries\": [", "]}")))
        : null;
  }

  private static String described(String model) {
    return "{\"modelId\": %1$s, \"modelArn\": %1$s, \"modelName\": %1$s, \"providerName\": \"Stub\"}"
        .formatted(JsonTemplates.quoted(model));
  }

  @Override
  public StubResponse models(StubCall call, List<String> models) {
    throw new BadCall("AWS has no such list");
  }

  @Override
  public StubResponse model(String model) {
    throw new BadCall("AWS has no such list");
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization");
  }

  @Override
  public String requestIdHeader() {
    return "x-amzn-requestid";
  }

  /** A rejected key is answered with status 403. */
  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(
            status == 401 ? 403 : status,
            "{\"message\": %s}".formatted(JsonTemplates.quoted(message)))
        .with("x-amzn-errortype", exception(status) + ":http://internal.amazon.com/coral/");
  }

  private static String exception(int status) {
    return switch (status) {
      case 401, 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 429 -> "ThrottlingException";
      case 500 -> "InternalServerException";
      case 503 -> "ServiceUnavailableException";
      default -> "ValidationException";
    };
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return conversed(call, text);
  }

  @Override
  public TextStream stream(StubCall call) {
    return new Converse(call);
  }

  private record Text(
      BiFunction<StubCall, String, StubResponse> whole,
      @Nullable Function<StubCall, TextStream> stream,
      Function<StubCall, StubBill> charged)
      implements StubOperation {
    @Override
    public StubResponse answer(StubCall call) {
      return whole.apply(call, call.reply());
    }

    @Override
    public @Nullable TextStream streamed(StubCall call) {
      return stream == null ? null : stream.apply(call);
    }

    @Override
    public StubBill bill(StubCall call) {
      return charged.apply(call);
    }
  }

  private static StubBill ofText(StubCall call) {
    return StubBill.ofText(call, List.of());
  }

  private static StubResponse counted(StubCall call) {
    return StubResponse.json(200, "{\"inputTokens\": " + StubUsage.of(call).input() + "}");
  }

  private static StubResponse conversed(StubCall call, String text) {
    @Nullable ToolCall toolCall = call.script().toolCall();
    String block =
        toolCall == null
            ? "{\"text\": %s}".formatted(JsonTemplates.quoted(text))
            : "{\"toolUse\": {\"toolUseId\": \"%s\", \"name\": %s, \"input\": %s}}"
                .formatted(call.id(), JsonTemplates.quoted(toolCall.name()), text);
    return StubResponse.json(
        200,
        ("{\"output\": {\"message\": {\"role\": \"assistant\", \"content\": [%s]}}, "
                + "\"stopReason\": \"%s\", %s}")
            .formatted(block, stopReason(call), ending(call)));
  }

  private static String stopReason(StubCall call) {
    return call.script().toolCall() == null ? "end_turn" : "tool_use";
  }

  /** The last fields of a complete answer, which the last event of a stream also contains. */
  private static String ending(StubCall call) {
    StubUsage usage = StubUsage.of(call);
    return "\"usage\": %s, \"metrics\": {\"latencyMs\": 7}, \"serviceTier\": {\"type\": \"%s\"}"
        .formatted(
            call.stated(
                ("{\"inputTokens\": %d, \"outputTokens\": %d, \"totalTokens\": %d, "
                        + "\"cacheReadInputTokens\": %d, \"cacheWriteInputTokens\": %d, "
                        + "\"cacheDetails\": [%s]}")
                    .formatted(
                        usage.fresh(),
                        usage.output(),
                        usage.total(),
                        usage.cached(),
                        usage.written(),
                        cacheDetails(usage))),
            call.tier().equals(ProviderLedger.STANDARD) ? "default" : call.tier());
  }

  /**
   * Returns how much input was written to a cache, for each lifetime of cached input. The longest
   * lifetime comes first.
   */
  private static String cacheDetails(StubUsage usage) {
    StringJoiner details = new StringJoiner(", ");
    if (usage.written1h() > 0) {
      details.add("{\"ttl\": \"1h\", \"inputTokens\": %d}".formatted(usage.written1h()));
    }
    if (usage.written5m() > 0) {
      details.add("{\"ttl\": \"5m\", \"inputTokens\": %d}".formatted(usage.written5m()));
    }
    return details.toString();
  }

  private static StubResponse invoked(StubCall call, String text) {
    StubUsage usage = Invocation.of(call).usage(call);
    return Invocation.of(call)
        .answer(call, text)
        .with("x-amzn-bedrock-invocation-latency", "7")
        .with("x-amzn-bedrock-input-token-count", "" + usage.fresh())
        .with("x-amzn-bedrock-cache-read-input-token-count", "" + usage.cached())
        .with("x-amzn-bedrock-cache-write-input-token-count", "" + usage.written())
        .with("x-amzn-bedrock-output-token-count", "" + usage.output());
  }

  /** The forms of the bodies of invoked models. */
  private enum Invocation {
    MESSAGES,
    GENERATION,
    OUTPUTS,
    VECTOR,
    RANKING,
    IMAGES;

    static Invocation of(StubCall call) {
      String model = call.model();
      if (call.fields().scalar("anthropic_version") != null) {
        return MESSAGES;
      }
      if (model.contains("rerank")) {
        return RANKING;
      }
      if (model.contains("canvas")) {
        return IMAGES;
      }
      return model.startsWith("meta.")
          ? GENERATION
          : model.startsWith("mistral.") ? OUTPUTS : VECTOR;
    }

    private boolean isText() {
      return this == MESSAGES || this == GENERATION || this == OUTPUTS;
    }

    StubUsage usage(StubCall call) {
      return isText() ? StubUsage.of(call) : StubUsage.of(call, 0);
    }

    StubBill bill(StubCall call) {
      return switch (this) {
        case RANKING -> new Ranking("2").bill(call);
        case IMAGES ->
            new StubBill(
                "images",
                StubUsage.ofInput(0),
                List.of(new ProviderLedger.Fee("image", "", images(call))));
        default -> new StubBill(StubBill.COMPLETIONS, usage(call), List.of());
      };
    }

    StubResponse answer(StubCall call, String text) {
      StubUsage usage = usage(call);
      String said = JsonTemplates.quoted(text);
      return switch (this) {
        case MESSAGES -> AnthropicMessages.message(call, text);
        case GENERATION ->
            StubResponse.json(
                200,
                ("{\"generation\": %s, \"prompt_token_count\": %d, "
                        + "\"generation_token_count\": %d, \"stop_reason\": \"stop\"}")
                    .formatted(said, usage.input(), usage.output()));
        case OUTPUTS ->
            StubResponse.json(
                200, "{\"outputs\": [{\"text\": %s, \"stop_reason\": \"stop\"}]}".formatted(said));
        case VECTOR ->
            StubResponse.json(
                200,
                "{\"embedding\": %s, \"inputTextTokenCount\": %d}"
                    .formatted(
                        EmbeddingVectors.of(String.join("", call.fields().texts("inputText")), 8)
                            .floats(),
                        usage.input()));
        case RANKING ->
            StubResponse.json(200, "{\"results\": [{\"index\": 0, \"relevance_score\": 0.5}]}");
        case IMAGES ->
            StubResponse.json(
                200,
                "{\"images\": [%s]}"
                    .formatted(String.join(", ", Collections.nCopies(images(call), "\"AA==\""))));
      };
    }

    private static int images(StubCall call) {
      return Integer.parseInt(
          requireNonNullElse(call.fields().scalar("imageGenerationConfig.numberOfImages"), "1"));
    }
  }

  /** Events in frames. */
  private interface Frames extends TextStream {
    @Override
    default String contentType() {
      return EventFrame.CONTENT_TYPE;
    }

    @Override
    default Charset charset() {
      return ISO_8859_1;
    }
  }

  /**
   * The events of the operation {@code Converse}, each in a separate frame. Padding in the frames
   * hides the length of a piece of text.
   */
  private record Converse(StubCall call) implements Frames {
    @Override
    public String opening() {
      @Nullable ToolCall toolCall = call.script().toolCall();
      String start =
          toolCall == null
              ? ""
              : EventFrame.of(
                  "contentBlockStart",
                  ("{\"start\": {\"toolUse\": {\"toolUseId\": \"%s\", \"name\": %s}}, "
                          + "\"contentBlockIndex\": 0}")
                      .formatted(call.id(), JsonTemplates.quoted(toolCall.name())));
      return EventFrame.of("messageStart", "{\"role\": \"assistant\", \"p\": \"abc\"}") + start;
    }

    @Override
    public String piece(String text) {
      String quoted = JsonTemplates.quoted(text);
      String delta =
          call.script().toolCall() == null
              ? "{\"text\": %s}".formatted(quoted)
              : "{\"toolUse\": {\"input\": %s}}".formatted(quoted);
      return EventFrame.of(
          "contentBlockDelta",
          "{\"contentBlockIndex\": 0, \"delta\": %s, \"p\": \"abcdefghij\"}".formatted(delta));
    }

    @Override
    public String closing(String wholeText) {
      return EventFrame.of("contentBlockStop", "{\"contentBlockIndex\": 0}")
          + EventFrame.of("messageStop", "{\"stopReason\": \"%s\"}".formatted(stopReason(call)))
          + EventFrame.of("metadata", "{%s, \"p\": \"ab\"}".formatted(ending(call)));
    }
  }

  /** The events of Anthropic's stream, each in Base64 in a separate frame. */
  private record Chunks(StubCall call, TextStream events) implements Frames {
    Chunks(StubCall call) {
      this(call, MESSAGES.stream(call));
    }

    @Override
    public String opening() {
      return framed(events.opening());
    }

    @Override
    public String piece(String text) {
      return framed(events.piece(text));
    }

    @Override
    public String closing(String wholeText) {
      StubUsage usage = StubUsage.of(call);
      String metrics =
          (", \"amazon-bedrock-invocationMetrics\": {\"inputTokenCount\": %d, "
                  + "\"outputTokenCount\": %d, \"invocationLatency\": 7, "
                  + "\"cacheReadInputTokenCount\": %d, \"cacheWriteInputTokenCount\": %d}}")
              .formatted(usage.fresh(), usage.output(), usage.cached(), usage.written());
      return framed(
          events
              .closing(wholeText)
              .replace("{\"type\": \"message_stop\"}", "{\"type\": \"message_stop\"" + metrics));
    }

    private static String framed(String events) {
      return events
          .lines()
          .filter(line -> line.startsWith("data: "))
          .map(line -> line.substring("data: ".length()).getBytes(UTF_8))
          .map(json -> Base64.getEncoder().encodeToString(json))
          .map(bytes -> "{\"bytes\":\"%s\",\"p\":\"abcdef\"}".formatted(bytes))
          .map(chunk -> EventFrame.of("chunk", chunk))
          .collect(Collectors.joining());
    }
  }
}
