package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Sends responses that repeat parts of the request, as some providers do in their errors. */
final class Echoes {
  private Echoes() {}

  static void keyInHeader(StubExchange exchange) {
    StubCall call = exchange.call();
    exchange.send(call.format().text(call, "see the header").with("x-your-key", keyOf(call)));
  }

  static void keyInBody(StubExchange exchange) {
    StubCall call = exchange.call();
    exchange.send(call.format().text(call, "Your key is " + keyOf(call)));
  }

  static void keyInError(StubExchange exchange) {
    StubCall call = exchange.call();
    String key = keyOf(call);
    int six = Math.min(6, key.length());
    String message =
        "Incorrect key %s, in short %s***%s."
            .formatted(key, key.substring(0, six), key.substring(key.length() - six));
    exchange.send(call.format().refusal(400, message));
  }

  static void keyInStream(StubExchange exchange) {
    String key = keyOf(exchange.call());
    String quoted = JsonTemplates.quoted(key);
    TextStream stream = Streaming.open(exchange);
    for (int split = 1; split < quoted.length() - 2; split++) {
      String event = stream.piece(key);
      int at = event.indexOf(quoted) + 1 + split;
      exchange.write(event.substring(0, at));
      exchange.write(event.substring(at));
    }
    for (byte one : stream.piece(key).getBytes(UTF_8)) {
      exchange.write(Unpooled.wrappedBuffer(new byte[] {one}));
    }
    exchange.write(stream.closing(key));
    exchange.end();
  }

  static Consumer<StubExchange> header(String name) {
    return exchange -> {
      StubCall call = exchange.call();
      String value = call.headers().get(name, "");
      exchange.send(
          call.format().text(call, "That header says " + value).with("x-your-header", value));
    };
  }

  static String keyOf(StubCall call) {
    String key = call.key();
    return key == null ? "no-key-presented" : key;
  }
}
