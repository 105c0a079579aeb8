package io.claviger.stub;

import io.netty.buffer.Unpooled;

/** Answers whose connection does not last. */
final class Breaks {
  private Breaks() {}

  static void halfHeader(Exchange exchange) {
    exchange.writeRaw("HTTP/1.1 200 OK\r\nContent-Type: application/js");
    exchange.whenWritten(exchange::close);
  }

  static void resetMidStream(Exchange exchange) {
    exchange.write(Streaming.open(exchange).piece("and"));
    exchange.whenWritten(exchange::reset);
  }

  static void closeMidStream(Exchange exchange) {
    exchange.write(Streaming.open(exchange).piece("and"));
    exchange.whenWritten(exchange::close);
  }

  static void lyingLength(Exchange exchange) {
    Call call = exchange.call();
    Answer answer = call.route().operation().answer(call);
    exchange.open(answer, answer.body().length + 100L);
    exchange.write(Unpooled.wrappedBuffer(answer.body()));
    exchange.whenWritten(exchange::close);
  }

  static void closeAfterwards(Exchange exchange) {
    exchange.closeAfterwards();
    Streaming.proper(exchange);
  }
}
