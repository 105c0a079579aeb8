package io.claviger.stub;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The responses of a healthy provider, complete or as a stream. */
final class Streaming {
  private Streaming() {}

  static void proper(StubExchange exchange) {
    StubCall call = exchange.call();
    @Nullable TextStream asked = call.route().operation().streamed(call);
    if (asked == null) {
      StubResponse response = call.route().operation().answer(call);
      if (response.status() < 400) {
        call.account().bill(call);
      }
      exchange.send(response);
      return;
    }
    call.account().bill(call);
    TextStream stream = open(exchange);
    pieces(call.reply()).forEach(piece -> exchange.write(stream.piece(piece)));
    exchange.write(stream.closing(call.reply()));
    exchange.end();
  }

  /**
   * Sends the head, and the events that precede the text. If an operation has no stream of its own,
   * the stream of the API's main operation for text is used.
   */
  static TextStream open(StubExchange exchange) {
    StubCall call = exchange.call();
    TextStream asked = call.route().operation().streamed(call);
    TextStream stream = asked != null ? asked : call.format().stream(call);
    exchange.open(StubResponse.of(200, stream.contentType(), new byte[0]), null);
    exchange.writeIn(stream.charset());
    exchange.write(stream.opening());
    return stream;
  }

  /**
   * Divides a text into words, each with the space before it. A model sends pieces of about this
   * size.
   */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int space = text.indexOf(' ', 1); space >= 0; space = text.indexOf(' ', space + 1)) {
      pieces.add(text.substring(from, space));
      from = space;
    }
    pieces.add(text.substring(from));
    return pieces;
  }
}
