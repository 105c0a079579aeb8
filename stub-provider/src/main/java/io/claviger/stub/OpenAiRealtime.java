package io.claviger.stub;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imitates a session of OpenAI's Realtime API. If {@code turn_detection} is not null, each message
 * with audio ends a turn of the caller. The end of a turn starts a response, unless {@code
 * create_response} is false. The input of each response consists of all items so far, with 10
 * tokens for each item. The output of each response is 4 tokens of speech. Some models misbehave.
 * The model {@code rt-silent} begins to answer and stops, and {@code rt-refuses} refuses every
 * response. The model {@code rt-stubborn} ignores changes of {@code turn_detection}, and {@code
 * rt-unasked} begins a second response. The model {@code rt-leaks} repeats the caller's key. The
 * model {@code rt-limited} fails because the account has exceeded its rate limits. The model {@code
 * rt-defaults} takes null in place of the settings of audio for the default, and then ends the turn
 * of the caller. The model {@code rt-plays} sends the messages that are stated as the instructions
 * of the response, separated by {@code |}, with {@code '} in place of each quotation mark.
 */
@SuppressWarnings("FutureReturnValueIgnored") // after a failed write, Netty calls channelInactive
final class OpenAiRealtime extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TOKENS_OF_ITEM = 10;
  private static final String SOUND = "A".repeat(6_400);

  private final String model;
  private final String authorization;
  private final ProviderLedger ledger;
  private final List<String> received;
  private JsonNode turns = JSON.readTree("{\"type\":\"server_vad\"}");
  private int items;
  private int heard;
  private int responses;
  private @Nullable String active;

  private OpenAiRealtime(HttpRequest head, ProviderLedger ledger, List<String> received) {
    List<String> named =
        new QueryStringDecoder(head.uri()).parameters().getOrDefault("model", List.of(""));
    this.model = named.getFirst();
    this.authorization = head.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    this.ledger = ledger;
    this.received = received;
  }

  static boolean isHandshake(HttpRequest head) {
    return head.method().equals(HttpMethod.GET)
        && head.uri().split("\\?", 2)[0].endsWith("/realtime")
        && head.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  static void open(
      ChannelHandlerContext ctx, HttpRequest head, ProviderLedger ledger, List<String> received) {
    received.add("GET " + head.uri() + " " + head.headers().get("sec-websocket-protocol", "-"));
    OpenAiRealtime session = new OpenAiRealtime(head, ledger, received);
    OpenAiSocket.upgrade(ctx, head, session);
    session.send(ctx.channel().pipeline().lastContext(), session.shown("session.created"));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof TextWebSocketFrame text) {
      received.add(text.text());
      answer(ctx, JSON.readTree(text.text()));
    } else if (frame instanceof CloseWebSocketFrame close) {
      received.add("close " + close.statusCode());
      ctx.close();
    }
  }

  private void answer(ChannelHandlerContext ctx, JsonNode message) {
    switch (message.path("type").asString("")) {
      case "session.update" -> update(ctx, message.path("session"));
      case "conversation.item.create" -> {
        items++;
        ObjectNode added = event("conversation.item.added");
        added.putNull("previous_item_id");
        ObjectNode item = (ObjectNode) message.path("item").deepCopy();
        added.set("item", item.has("id") ? item : item.put("id", "item_" + items));
        send(ctx, added);
      }
      case "conversation.item.delete" -> refuse(ctx, message, "item_not_found");
      case "input_audio_buffer.append" -> {
        heard += message.path("audio").asString("").length();
        if (!turns.isNull()) {
          endTurn(ctx);
        }
      }
      case "input_audio_buffer.commit" -> {
        items++;
        send(ctx, event("input_audio_buffer.committed"));
      }
      case "response.cancel" -> {
        if (active == null) {
          refuse(ctx, message, "response_cancel_not_active");
        } else {
          finish(ctx, "cancelled");
        }
      }
      case "response.create" -> {
        if (message.path("response").path("max_output_tokens").asInt(1) == 429) {
          refuse(ctx, message, "rate_limit_exceeded");
        } else if (active != null || model.equals("rt-refuses")) {
          refuse(ctx, message, "conversation_already_has_active_response");
        } else if (model.equals("rt-plays")) {
          play(ctx, message.path("response").path("instructions").asString(""));
        } else {
          respond(ctx);
        }
      }
      default -> refuse(ctx, message, "invalid_value");
    }
  }

  /** Called when the caller has stopped speaking. */
  private void endTurn(ChannelHandlerContext ctx) {
    if (active != null && turns.path("interrupt_response").asBoolean(true)) {
      finish(ctx, "cancelled");
    }
    items++;
    send(ctx, event("input_audio_buffer.speech_stopped"));
    send(ctx, event("input_audio_buffer.committed"));
    if (turns.path("create_response").asBoolean(true)) {
      respond(ctx);
    }
  }

  private void update(ChannelHandlerContext ctx, JsonNode session) {
    JsonNode input = session.path("audio").path("input");
    if (!model.equals("rt-stubborn")) {
      for (JsonNode place : List.of(session, input)) {
        turns = place.has("turn_detection") ? place.path("turn_detection") : turns;
      }
    }
    boolean isReset = session.path("audio").isNull() || input.isNull();
    if (model.equals("rt-defaults") && isReset) {
      turns = JSON.readTree("{\"type\":\"server_vad\"}");
      endTurn(ctx);
    }
    send(ctx, shown("session.updated"));
  }

  private static void play(ChannelHandlerContext ctx, String messages) {
    for (String each : messages.replace('\'', '"').split("\\|")) {
      ctx.channel().writeAndFlush(new TextWebSocketFrame(each));
    }
  }

  private ObjectNode shown(String type) {
    ObjectNode event = event(type);
    ObjectNode session = event.putObject("session");
    session.put("type", "realtime").put("model", model);
    session
        .putObject("audio")
        .putObject("input")
        .set("turn_detection", turns.isNull() ? NullNode.getInstance() : turns);
    return event;
  }

  private void refuse(ChannelHandlerContext ctx, JsonNode message, String code) {
    ObjectNode refusal = event("error");
    refusal
        .putObject("error")
        .put("type", "invalid_request_error")
        .put("code", code)
        .put("message", code)
        .put("event_id", message.path("event_id").asString(""));
    send(ctx, refusal);
  }

  private void respond(ChannelHandlerContext ctx) {
    active = "resp_" + ++responses;
    send(ctx, response("response.created", "in_progress"));
    if (model.equals("rt-leaks")) {
      send(ctx, event("response.output_audio_transcript.delta").put("delta", authorization));
    }
    send(
        ctx,
        event("response.output_audio.delta")
            .put("response_id", active)
            .put("item_id", "item_of_" + active)
            .put("output_index", 0)
            .put("content_index", 0)
            .put("delta", SOUND));
    switch (model) {
      case "rt-silent" -> {}
      case "rt-unasked" -> send(ctx, response("response.created", "in_progress"));
      case "rt-limited" -> finish(ctx, "failed");
      default -> finish(ctx, "completed");
    }
  }

  private void finish(ChannelHandlerContext ctx, String status) {
    ObjectNode done = response("response.done", status);
    long text = (long) items * TOKENS_OF_ITEM;
    long cached = responses > 1 ? TOKENS_OF_ITEM : 0;
    ledger.billSession(
        authorization.substring(authorization.indexOf(' ') + 1),
        model,
        Map.of(
            "input",
            text + heard - cached,
            "cached",
            cached,
            "output",
            4L,
            "audio_in",
            (long) heard,
            "audio_out",
            3L));
    if (status.equals("failed")) {
      ObjectNode details = ((ObjectNode) done.path("response")).putObject("status_details");
      details.put("type", "failed").putObject("error").put("type", "tokens");
      ((ObjectNode) details.path("error"))
          .put("code", "inference_rate_limit_exceeded")
          .put("message", "Limit 20000, Used 19823 in organization org-66tr");
    }
    ObjectNode usage = ((ObjectNode) done.path("response")).putObject("usage");
    usage.put("total_tokens", text + heard + 4).put("input_tokens", text + heard);
    usage.put("output_tokens", 4);
    usage
        .putObject("input_token_details")
        .put("text_tokens", text)
        .put("audio_tokens", heard)
        .put("cached_tokens", cached);
    usage.putObject("output_token_details").put("text_tokens", 1).put("audio_tokens", 3);
    items++;
    active = null;
    send(ctx, done);
    send(ctx, event("rate_limits.updated"));
  }

  private ObjectNode response(String type, String status) {
    ObjectNode event = event(type);
    event.putObject("response").put("id", active).put("status", status).putArray("output");
    return event;
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type).put("event_id", "event_of_provider");
  }

  private void send(ChannelHandlerContext ctx, ObjectNode event) {
    ctx.channel().writeAndFlush(new TextWebSocketFrame(JSON.writeValueAsString(event)));
  }
}
