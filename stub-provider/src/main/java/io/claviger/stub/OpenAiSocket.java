package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * OpenAI's Responses over a WebSocket. Each {@code response.create} is answered by three messages,
 * the last of which states 11 tokens of input and 7 of output. Some models misbehave: {@code
 * ws-silent} begins to answer and stops, {@code ws-closes} closes the connection, {@code ws-breaks}
 * breaks it off, {@code ws-leaks} repeats the key, {@code ws-unstated} states no usage, and {@code
 * ws-unasked} sends more than was asked for. {@code ws-plays} sends what the input says: messages
 * in single quotes, with a bar between two, or bytes that are no frame.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in channelInactive
final class OpenAiSocket extends SimpleChannelInboundHandler<Object> {
  private static final int LONGEST = 16 << 20;
  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([^\"]*)\"");

  private static final Pattern INPUT = Pattern.compile("\"input\"\\s*:\\s*\"([^\"]*)\"");

  private final String authorization;
  private final List<String> received;
  private int count;

  private OpenAiSocket(String authorization, List<String> received) {
    this.authorization = authorization;
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

  /** Answers the handshake and takes the place of the handler of HTTP. */
  static void open(ChannelHandlerContext ctx, HttpRequest head, List<String> received) {
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(head.uri(), null, false, LONGEST).newHandshaker(head);
    ctx.pipeline()
        .replace(
            ctx.handler(),
            null,
            new OpenAiSocket(head.headers().get(HttpHeaderNames.AUTHORIZATION, ""), received));
    handshaker.handshake(
        ctx.channel(),
        new DefaultFullHttpRequest(
            head.protocolVersion(),
            head.method(),
            head.uri(),
            Unpooled.EMPTY_BUFFER,
            head.headers(),
            EmptyHttpHeaders.INSTANCE));
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
    Matcher named = MODEL.matcher(asked);
    String model = named.find() ? named.group(1) : "";
    String id = "resp_ws" + ++count;
    switch (model) {
      case "ws-closes" -> ctx.writeAndFlush(new CloseWebSocketFrame(1011, "no"));
      case "ws-breaks" -> ctx.close();
      case "ws-silent" -> send(ctx, response("created", id, model, ""));
      case "ws-leaks" ->
          send(ctx, "{\"type\":\"response.output_text.delta\",\"delta\":\"" + key() + "\"}");
      case "ws-plays" -> play(ctx, asked);
      default -> {
        send(ctx, response("created", id, model, ""));
        send(ctx, "{\"type\":\"response.output_text.delta\",\n\"delta\":\"Hello.\"}");
        send(
            ctx,
            response(
                "completed",
                id,
                model,
                model.equals("ws-unstated")
                    ? ""
                    : ",\"usage\":{\"input_tokens\":11,\"output_tokens\":7,\"total_tokens\":18}"));
        if (model.equals("ws-unasked")) {
          send(ctx, response("created", "resp_of_others", model, ""));
        }
      }
    }
  }

  private static void play(ChannelHandlerContext ctx, String asked) {
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
    return authorization
        .substring(authorization.indexOf(' ') + 1)
        .replace("\\", "\\\\")
        .replace("\"", "\\\"");
  }

  private static String response(String event, String id, String model, String usage) {
    return "{\"type\":\"response.%s\",\"response\":{\"id\":\"%s\",\"object\":\"response\",\"status\":\"%s\",\"model\":\"%s\"%s}}"
        .formatted(event, id, event.equals("created") ? "in_progress" : event, model, usage);
  }

  private static void send(ChannelHandlerContext ctx, String text) {
    ctx.writeAndFlush(new TextWebSocketFrame(text));
  }
}
