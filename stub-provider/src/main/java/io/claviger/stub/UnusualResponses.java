package io.claviger.stub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Complete responses with an unusual size, encoding or headers. */
final class UnusualResponses {
  private static final ByteBuf PIECE = Unpooled.unreleasableBuffer(filled(1 << 16)).asReadOnly();

  private UnusualResponses() {}

  private static ByteBuf filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) '.');
    return Unpooled.directBuffer(size).writeBytes(bytes);
  }

  static Consumer<StubExchange> big(long bytes) {
    return exchange -> {
      exchange.open(StubResponse.of(200, "application/octet-stream", new byte[0]), bytes);
      exchange.writePieces(new Filling(exchange, bytes));
    };
  }

  /** Writes the rest of a body, piece by piece. */
  private static final class Filling implements BooleanSupplier {
    private final StubExchange exchange;
    private long left;

    Filling(StubExchange exchange, long left) {
      this.exchange = exchange;
      this.left = left;
    }

    @Override
    public boolean getAsBoolean() {
      int size = (int) Math.min(left, PIECE.readableBytes());
      left -= size;
      if (size > 0) {
        exchange.write(PIECE.slice(0, size));
      }
      if (left == 0) {
        exchange.end();
      }
      return left > 0;
    }
  }

  static Consumer<StubExchange> manyHeaders(int count) {
    return exchange -> {
      StubCall call = exchange.call();
      StubResponse answer = call.route().operation().answer(call);
      for (int i = 1; i <= count; i++) {
        answer = answer.with("x-stub-" + i, "value " + i);
      }
      exchange.send(answer);
    };
  }

  static void gzip(StubExchange exchange) {
    StubCall call = exchange.call();
    StubResponse answer = call.route().operation().answer(call);
    exchange.send(answer.body(zipped(answer.body())).with("content-encoding", "gzip"));
  }

  private static byte[] zipped(byte[] plain) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return zipped.toByteArray();
  }

  /**
   * Sends headers that are meant only for the provider's customer. A gateway must not forward these
   * headers to its callers.
   */
  static void headersToDrop(StubExchange exchange) {
    StubCall call = exchange.call();
    exchange.send(
        call.route()
            .operation()
            .answer(call)
            .with("set-cookie", "session=provider")
            .with("set-cookie", "second=one")
            .with("access-control-allow-origin", "*")
            .with("alt-svc", "h3=\":443\"")
            .with("refresh", "0; url=/redirected")
            .with("location", "/redirected")
            .with("x-claviger-fake", "true")
            .with("openai-organization", "org-stub")
            .with("openai-project", "proj-stub")
            .with("connection", "x-foo")
            .with("x-foo", "bar"));
  }
}
