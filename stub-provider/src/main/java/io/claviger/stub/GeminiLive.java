package io.claviger.stub;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imitates a session of Gemini's Live API. The stub answers in binary frames. The stub begins a
 * turn after a complete {@code clientContent}, a text, the answer of a function, or audio whose
 * data end with {@code =}. The input of each turn is the whole session so far: 10 tokens for each
 * text, and 1 token for each character of sound. The output of a turn consists of 4 tokens,
 * including 3 audio tokens. If the setup announces an initial history, the first complete {@code
 * clientContent} begins no turn. Some models misbehave. The model {@code live-silent} begins a
 * turn, but does not finish it, and {@code live-interrupted} finishes the turn when the next
 * message arrives. The model {@code live-thinks} begins a turn, which is billed, and sends nothing.
 * The model {@code live-late} states a turn's usage after the turn's end, and {@code live-unstated}
 * never states the usage. The model {@code live-lies} states a thousand times the real usage. The
 * model {@code live-unasked} begins two concurrent turns, and {@code live-calls} calls a function.
 * The model {@code live-leaks} repeats the key, and {@code live-garbles} answers with invalid JSON.
 * The model {@code live-limited} answers that the account has exceeded its rate limits. The model
 * {@code live-floods} begins a second turn by itself, with a message of 8 MB and a thousand small
 * messages. The model {@code live-plays} sends two seconds of sound, and finishes the turn after
 * 1.5 seconds.
 */
@SuppressWarnings("FutureReturnValueIgnored") // after a failed write, Netty calls channelInactive
final class GeminiLive extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern PATH =
      Pattern.compile(
          ".*/ws/google\\.ai\\.generativelanguage\\.v1(?:alpha|beta)?\\.GenerativeService"
              + "\\.BidiGenerateContent");
  private static final int TOKENS_OF_TEXT = 10;
  private static final String SOUND = "A".repeat(4_000);

  /** Two seconds. */
  private static final String LONG_SOUND = "A".repeat(128_000);

  private static final int PLAYED_MILLIS = 1_500;

  private final String key;
  private final ProviderLedger ledger;
  private final List<String> received;
  private String model = "";
  private int texts;
  private int heard;
  private int turns;
  private boolean isInterruptible;

  /** Whether the next complete {@code clientContent} is the initial history. */
  private boolean awaitsHistory;

  private GeminiLive(HttpRequest head, ProviderLedger ledger, List<String> received) {
    List<String> inQuery =
        new QueryStringDecoder(head.uri()).parameters().getOrDefault("key", List.of(""));
    this.key = head.headers().get("x-goog-api-key", inQuery.getFirst());
    this.ledger = ledger;
    this.received = received;
  }

  static boolean isHandshake(HttpRequest head) {
    return head.method().equals(HttpMethod.GET)
        && PATH.matcher(head.uri().split("\\?", 2)[0]).matches()
        && head.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  static void open(
      ChannelHandlerContext ctx, HttpRequest head, ProviderLedger ledger, List<String> received) {
    received.add("GET " + head.uri());
    OpenAiSocket.upgrade(ctx, head, new GeminiLive(head, ledger, received));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      received.add("close " + close.statusCode());
      ctx.close();
      return;
    }
    String text = frame.content().toString(StandardCharsets.UTF_8);
    received.add(text);
    answer(ctx, JSON.readTree(text));
  }

  private void answer(ChannelHandlerContext ctx, JsonNode message) {
    if (message.has("setup")) {
      String named = message.path("setup").path("model").asString("");
      model = named.substring(named.indexOf('/') + 1);
      JsonNode history = either(message.path("setup"), "historyConfig", "history_config");
      String seeds = "initialHistoryInClientContent";
      awaitsHistory = either(history, seeds, "initial_history_in_client_content").asBoolean(false);
      ObjectNode complete = JSON.createObjectNode();
      complete.putObject("setupComplete");
      send(ctx, complete);
      return;
    }
    // Google's SDK for Python writes the names with underscores, as Protocol Buffers do.
    JsonNode content = either(message, "clientContent", "client_content");
    JsonNode input = either(message, "realtimeInput", "realtime_input");
    String sound = input.path("audio").path("data").asString("");
    heard += sound.length();
    boolean isAnswer = message.has("toolResponse") || message.has("tool_response");
    texts += content.path("turns").size() + (isAnswer ? 1 : 0);
    texts += input.has("text") ? 1 : 0;
    if (isInterruptible) {
      isInterruptible = false;
      finish(ctx);
      return;
    }
    boolean isComplete = either(content, "turnComplete", "turn_complete").asBoolean(false);
    if (isComplete && awaitsHistory) {
      awaitsHistory = false;
      return;
    }
    if (isComplete || input.has("text") || isAnswer || sound.endsWith("=")) {
      turn(ctx);
    }
  }

  private static JsonNode either(JsonNode from, String name, String other) {
    return from.has(other) ? from.path(other) : from.path(name);
  }

  private void turn(ChannelHandlerContext ctx) {
    turns++;
    switch (model) {
      case "live-garbles" -> {
        ctx.writeAndFlush(
            new BinaryWebSocketFrame(Unpooled.copiedBuffer("nothing", StandardCharsets.UTF_8)));
        return;
      }
      case "live-thinks" -> {
        bill();
        return;
      }
      case "live-limited" -> {
        ObjectNode refusal = JSON.createObjectNode();
        refusal
            .putObject("error")
            .put("code", 429)
            .put("status", "RESOURCE_EXHAUSTED")
            .put("message", "Quota exceeded for metric tokens, limit: 250000 of project 66");
        send(ctx, refusal);
        return;
      }
      case "live-leaks" -> {
        ObjectNode leak = JSON.createObjectNode();
        part(leak.putObject("serverContent")).put("text", key);
        send(ctx, leak);
        return;
      }
      case "live-calls" -> {
        if (turns % 2 == 1) {
          ObjectNode call = JSON.createObjectNode();
          call.putObject("toolCall")
              .putArray("functionCalls")
              .addObject()
              .put("id", "f" + turns)
              .put("name", "light");
          use(call, 1);
          bill();
          send(ctx, call);
          return;
        }
      }
      default -> {}
    }
    ObjectNode spoken = JSON.createObjectNode();
    part(spoken.putObject("serverContent"))
        .putObject("inlineData")
        .put("mimeType", "audio/pcm;rate=24000")
        .put("data", model.equals("live-plays") ? LONG_SOUND : SOUND);
    send(ctx, spoken);
    isInterruptible = model.equals("live-interrupted");
    if (isInterruptible || model.equals("live-silent")) {
      return;
    }
    if (model.equals("live-plays")) {
      ctx.executor().schedule(() -> finish(ctx), PLAYED_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      finish(ctx);
    }
  }

  private void finish(ChannelHandlerContext ctx) {
    ObjectNode done = JSON.createObjectNode();
    done.putObject("serverContent").put("turnComplete", true);
    bill();
    boolean late = model.equals("live-late") || model.equals("live-unstated");
    if (!late) {
      use(done, model.equals("live-lies") ? 1_000 : 1);
    }
    send(ctx, done);
    texts++;
    if (model.equals("live-late")) {
      ObjectNode use = JSON.createObjectNode();
      texts--;
      use(use, 1);
      texts++;
      send(ctx, use);
    }
    if (model.equals("live-unasked") && turns % 2 == 1) {
      turn(ctx);
    }
    if (model.equals("live-floods") && turns % 2 == 1) {
      text(ctx, "a".repeat(8_000_000));
      for (int i = 0; i < 1_000; i++) {
        text(ctx, "a");
      }
      turn(ctx);
    }
  }

  private static void text(ChannelHandlerContext ctx, String text) {
    ObjectNode message = JSON.createObjectNode();
    part(message.putObject("serverContent")).put("text", text);
    send(ctx, message);
  }

  private static ObjectNode part(ObjectNode serverContent) {
    ArrayNode parts = serverContent.putObject("modelTurn").putArray("parts");
    return parts.addObject();
  }

  /** Bills the turn that ends now, whatever its usage says. */
  private void bill() {
    long cached = turns > 1 ? TOKENS_OF_TEXT : 0;
    ledger.billSession(
        key,
        model,
        Map.of(
            "input",
            (long) texts * TOKENS_OF_TEXT + heard - cached,
            "cached",
            cached,
            "output",
            4L,
            "audio_in",
            (long) heard,
            "audio_out",
            3L));
  }

  private void use(ObjectNode message, int times) {
    int text = texts * TOKENS_OF_TEXT;
    ObjectNode use = message.putObject("usageMetadata");
    use.put("promptTokenCount", (text + heard) * times).put("responseTokenCount", 4 * times);
    use.put("totalTokenCount", (text + heard + 4) * times);
    use.put("cachedContentTokenCount", turns > 1 ? TOKENS_OF_TEXT : 0);
    ArrayNode in = use.putArray("promptTokensDetails");
    in.addObject().put("modality", "TEXT").put("tokenCount", text * times);
    in.addObject().put("modality", "AUDIO").put("tokenCount", heard * times);
    ArrayNode out = use.putArray("responseTokensDetails");
    out.addObject().put("modality", "TEXT").put("tokenCount", times);
    out.addObject().put("modality", "AUDIO").put("tokenCount", 3 * times);
  }

  private static void send(ChannelHandlerContext ctx, ObjectNode message) {
    ctx.channel()
        .writeAndFlush(
            new BinaryWebSocketFrame(Unpooled.wrappedBuffer(JSON.writeValueAsBytes(message))));
  }
}
