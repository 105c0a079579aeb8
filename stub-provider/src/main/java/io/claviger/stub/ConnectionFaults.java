package io.claviger.stub;

import io.netty.buffer.Unpooled;

/** Sends responses during which the connection is reset or closed. */
final class ConnectionFaults {
  private ConnectionFaults() {}

  static void halfHeader(StubExchange exchange) {
    exchange.writeRaw("HTTP/1.1 200 OK\r\nContent-Type: application/js");
    exchange.whenWritten(exchange::close);
  }

  static void resetMidStream(StubExchange exchange) {
    exchange.write(Streaming.open(exchange).piece("and"));
    exchange.whenWritten(exchange::reset);
  }

  static void closeMidStream(StubExchange exchange) {
    exchange.write(Streaming.open(exchange).piece("and"));
    exchange.whenWritten(exchange::close);
  }

  static void lyingLength(StubExchange exchange) {
    StubCall call = exchange.call();
    StubResponse answer = call.route().operation().answer(call);
    exchange.open(answer, answer.body().length + 100L);
    exchange.write(Unpooled.wrappedBuffer(answer.body()));
    exchange.whenWritten(exchange::close);
  }

  static void closeAfterwards(StubExchange exchange) {
    exchange.closeAfterwards();
    Streaming.proper(exchange);
  }
}
