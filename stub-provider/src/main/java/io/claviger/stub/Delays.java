package io.claviger.stub;

import java.util.function.Consumer;

/** Sends responses that are late or never end. */
final class Delays {
  private Delays() {}

  static Consumer<StubExchange> firstByte(int millis) {
    return exchange -> exchange.after(millis, () -> Streaming.proper(exchange));
  }

  static void stallAfterHeaders(StubExchange exchange) {
    exchange.open(StubResponse.of(200, "application/json", new byte[0]), null);
  }

  static void stallMidStream(StubExchange exchange) {
    exchange.write(Streaming.open(exchange).piece("and"));
  }

  static Consumer<StubExchange> chunks(int millis, int count) {
    return exchange -> writeNext(exchange, Streaming.open(exchange), millis, 0, count);
  }

  /** Sends a complete stream, and ends the response after a delay. */
  static Consumer<StubExchange> end(int millis) {
    return exchange -> {
      TextStream stream = Streaming.open(exchange);
      exchange.write(stream.piece("piece "));
      exchange.write(stream.closing("piece "));
      exchange.whenWritten(() -> exchange.after(millis, exchange::end));
    };
  }

  private static void writeNext(
      StubExchange exchange, TextStream stream, int millis, int sent, int count) {
    if (sent == count) {
      exchange.write(stream.closing("piece ".repeat(count)));
      exchange.end();
      return;
    }
    exchange.write(stream.piece("piece "));
    exchange.whenWritten(
        () -> exchange.after(millis, () -> writeNext(exchange, stream, millis, sent + 1, count)));
  }
}
