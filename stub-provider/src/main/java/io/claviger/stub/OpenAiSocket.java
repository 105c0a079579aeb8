package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imitates OpenAI's Responses API over a WebSocket. Three messages answer each {@code
 * response.create}. The messages have the same content and the same bill as a call over HTTP. If a
 * response continues an earlier response, the earlier response is not counted again. Some models
 * misbehave, and are billed nevertheless. The model {@code ws-silent} begins to answer, but does
 * not finish. The model {@code ws-closes} closes the WebSocket, and {@code ws-breaks} breaks the
 * connection. The model {@code ws-leaks} repeats the key, and {@code ws-unstated} does not state
 * the usage. The model {@code ws-unasked} begins another response, which nobody requested. Until
 * the connection ends, {@code ws-ticks} sends two messages per second, and {@code ws-floods} sends
 * as many messages as it can. The model {@code ws-large} sends a piece of 1 MiB. {@code
 * ws-large-leaks} sends such a piece with the key at its end. The model {@code ws-plays} sends the
 * messages that are in the input, in single quotes and separated by bars. The model can also send
 * bytes that are not a frame. A call with tools gets all events of a stream over HTTP.
 */
@SuppressWarnings("FutureReturnValueIgnored") // after a failed write, Netty calls channelInactive
final class OpenAiSocket extends SimpleChannelInboundHandler<Object> {
  private static final int LONGEST = 16 << 20;
  private static final long TICK_MILLIS = 500;
  private static final int AT_ONCE = 64;
  private static final String LARGE = "a".repeat(1 << 20);

  private static final Pattern INPUT = Pattern.compile("\"input\"\\s*:\\s*\"([^\"]*)\"");

  private static final String DATA = "data: ";

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpRequest handshake;
  private final CallParser reception;
  private final List<String> received;
  private final Set<String> ids = new HashSet<>();

  /**
   * The field {@code stream_id} of the last received message. The answers to a message repeat this
   * field. Empty if the message lacks this field.
   */
  private String stream = "";

  private OpenAiSocket(HttpRequest handshake, CallParser reception, List<String> received) {
    this.handshake = handshake;
    this.reception = reception;
    this.received = received;
  }

  static List<String> newMessages() {
    return new CopyOnWriteArrayList<>();
  }

  static boolean isHandshake(HttpRequest head) {
    return head.method().equals(HttpMethod.GET)
        && head.uri().split("\\?", 2)[0].endsWith("/responses")
        && head.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  /** Answers the handshake, and replaces the connection's HTTP handler. */
  static void open(
      ChannelHandlerContext ctx, HttpRequest head, CallParser reception, List<String> received) {
    upgrade(ctx, head, new OpenAiSocket(head, reception, received));
  }

  /**
   * Answers the handshake. After the handshake, another handler receives the connection's frames.
   */
  static void upgrade(ChannelHandlerContext ctx, HttpRequest head, ChannelHandler next) {
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(head.uri(), null, false, LONGEST).newHandshaker(head);
    ctx.pipeline().replace(ctx.handler(), null, next);
    handshaker.handshake(
        ctx.channel(),
        new DefaultFullHttpRequest(
            head.protocolVersion(),
            head.method(),
            head.uri(),
            Unpooled.EMPTY_BUFFER,
            head.headers(),
            EmptyHttpHeaders.INSTANCE),
        new DefaultHttpHeaders()
            .set("x-reasoning-included", "true")
            .set("openai-organization", "stub-organization")
            .set("x-ratelimit-remaining-requests", "7")
            .set("x-goog-upload-url", "https://stub.example/upload"),
        ctx.newPromise());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object message) {
    if (message instanceof TextWebSocketFrame text) {
      received.add(text.text());
      answer(ctx, text.text());
    } else if (message instanceof CloseWebSocketFrame close) {
      received.add("close " + close.statusCode());
      ctx.close();
    } else if (message instanceof WebSocketFrame) {
      ctx.close();
    }
  }

  private void answer(ChannelHandlerContext ctx, String asked) {
    StubCall call;
    try {
      call = reception.begin(asHttp(asked));
    } catch (JacksonException malformed) {
      send(ctx, "{\"type\": \"error\", \"status\": 400}");
      return;
    }
    switch (call.model()) {
      case "ws-closes" -> ctx.writeAndFlush(new CloseWebSocketFrame(1011, "no"));
      case "ws-breaks" -> ctx.close();
      case "ws-leaks" ->
          send(ctx, "{\"type\":\"response.output_text.delta\",\"delta\":\"" + key() + "\"}");
      case "ws-plays" -> play(ctx, asked);
      default -> {
        if (call.route().operation() instanceof OpenAiResponses) {
          call.account().bill(call);
          if (asked.contains("\"tools\":[{")) {
            stream(ctx, call);
          } else {
            respond(ctx, call);
          }
        } else {
          StubResponse refusal = call.route().operation().answer(call);
          send(ctx, "{\"type\": \"error\", \"status\": " + refusal.status() + "}");
        }
      }
    }
  }

  /** Returns the request that corresponds to the same call over HTTP. */
  private IncomingRequest asHttp(String asked) {
    ObjectNode body = (ObjectNode) JSON.readTree(asked);
    body.remove("type");
    stream = body.path("stream_id").asString("");
    body.remove("stream_id");
    if (ids.contains(body.path("previous_response_id").asString(""))) {
      body.remove("previous_response_id"); // the earlier response is not stored
    }
    return IncomingRequest.of(
        "POST",
        handshake.uri(),
        handshake.headers().copy().set(HttpHeaderNames.CONTENT_TYPE, "application/json"),
        JSON.writeValueAsBytes(body));
  }

  /** Answers an agent, whose requests offer tools, with the events of the same call over HTTP. */
  private void stream(ChannelHandlerContext ctx, StubCall call) {
    ids.add(call.account().idOf("resp_", call));
    OpenAiResponseEvents events = new OpenAiResponseEvents(call);
    String all = events.opening() + events.piece(call.reply()) + events.closing(call.reply());
    all.lines()
        .filter(line -> line.startsWith(DATA))
        .forEach(line -> send(ctx, line.substring(DATA.length())));
  }

  private void respond(ChannelHandlerContext ctx, StubCall call) {
    ids.add(call.account().idOf("resp_", call));
    String begun = OpenAiResponses.response(call, "in_progress", "[]", "null");
    send(ctx, event("response.created", "\"response\": " + begun));
    switch (call.model()) {
      case "ws-silent" -> {}
      case "ws-ticks" -> tick(ctx, call);
      case "ws-floods" -> flood(ctx, call);
      case "ws-large", "ws-large-leaks" -> {
        String leak = call.model().equals("ws-large") ? "" : key();
        String piece = "\"" + LARGE + leak + "\"";
        send(ctx, event("response.output_text.delta", "\"delta\": " + piece));
        send(
            ctx,
            event(
                "response.completed",
                "\"response\": " + OpenAiResponses.completed(call, List.of())));
      }
      default -> {
        List<OpenAiPrelude> items = new ArrayList<>(OpenAiPrelude.of(call));
        OpenAiOutputItem item = OpenAiOutputItem.of(call);
        items.add(new OpenAiPrelude(item.id(), item.completed(call.reply())));
        boolean isStated = !call.model().equals("ws-unstated");
        String completed =
            isStated
                ? OpenAiResponses.completed(call, items)
                : OpenAiResponses.response(call, "completed", "[]", "null");
        send(ctx, delta(call));
        send(ctx, event("response.completed", "\"response\": " + completed));
        if (call.model().equals("ws-unasked")) {
          send(ctx, "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_of_others\"}}");
        }
      }
    }
  }

  private static String delta(StubCall call) {
    return "{\"type\":\"response.output_text.delta\",\n\"delta\":"
        + JsonTemplates.quoted(call.reply())
        + "}";
  }

  private void tick(ChannelHandlerContext ctx, StubCall call) {
    if (ctx.channel().isActive()) {
      send(ctx, delta(call));
      ctx.executor().schedule(() -> tick(ctx, call), TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static void flood(ChannelHandlerContext ctx, StubCall call) {
    for (int i = 1; i < AT_ONCE; i++) {
      ctx.write(new TextWebSocketFrame(delta(call)));
    }
    ctx.writeAndFlush(new TextWebSocketFrame(delta(call)))
        .addListener(
            written -> {
              if (written.isSuccess()) {
                ctx.executor().execute(() -> flood(ctx, call));
              }
            });
  }

  private static String event(String type, String fields) {
    return "{\"type\": \"%s\", %s}".formatted(type, JsonTemplates.oneLine(fields));
  }

  private void play(ChannelHandlerContext ctx, String asked) {
    Matcher input = INPUT.matcher(asked);
    for (String each : input.find() ? input.group(1).split("\\|") : new String[0]) {
      if (each.startsWith("{")) {
        send(ctx, each.replace('\'', '"'));
      } else {
        ctx.writeAndFlush(Unpooled.copiedBuffer(each, US_ASCII));
      }
    }
  }

  private String key() {
    String authorization = handshake.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    return authorization
        .substring(authorization.indexOf(' ') + 1)
        .replace("\\", "\\\\")
        .replace("\"", "\\\"");
  }

  private void send(ChannelHandlerContext ctx, String text) {
    String named =
        stream.isEmpty() ? text : "{\"stream_id\":\"" + stream + "\"," + text.substring(1);
    ctx.writeAndFlush(new TextWebSocketFrame(named));
  }
}
