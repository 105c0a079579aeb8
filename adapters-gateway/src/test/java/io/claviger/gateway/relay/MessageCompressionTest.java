package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class MessageCompressionTest {
  private static final int LONGEST = 16 << 20;

  private static WebSocketFrame deflated(String text) {
    return MessageCompression.deflated(new TextWebSocketFrame(text));
  }

  private static String random(int length) {
    return new Random(1)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** A message as a caller compresses it, however large it is. */
  static ByteBuf compressed(String text) {
    byte[] input = text.getBytes(US_ASCII);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    deflater.setInput(input);
    byte[] all = new byte[input.length + 1_024];
    int length = deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Unpooled.wrappedBuffer(all, 0, length - MessageCompression.TAIL.length);
  }

  private static String inflated(ByteBuf message, int longest) throws Exception {
    try (Inflation inflation = new Inflation(message, longest)) {
      while (!inflation.inflate(100_000)) {
        // Inflates the next part.
      }
      return inflation.result().toString(US_ASCII);
    }
  }

  @Test
  void what_is_compressed_is_read_as_it_was() throws Exception {
    for (int length : new int[] {1_024, 40_000, 1 << 20}) {
      String text = random(length);
      assertThat(inflated(compressed(text), LONGEST)).isEqualTo(text);
    }
    String text = random(40_000);
    WebSocketFrame frame = deflated(text);
    assertThat(frame.rsv()).isEqualTo(MessageCompression.COMPRESSED);
    assertThat(frame.content().readableBytes()).isLessThan(40_000);
    assertThat(inflated(frame.content(), LONGEST)).isEqualTo(text);
  }

  @Test
  void short_messages_and_those_that_take_long_to_compress_stay_as_they_are() {
    for (String text : new String[] {"{}", "a".repeat((64 << 10) + 1)}) {
      WebSocketFrame frame = deflated(text);
      assertThat(frame.rsv()).isZero();
      assertThat(frame.release()).isTrue();
    }
  }

  @Test
  void nothing_grows_beyond_its_bounds() throws Exception {
    assertThat(inflated(compressed("a".repeat(64 << 10)), LONGEST)).hasSize(64 << 10);
    String bomb = "a".repeat((64 << 10) + 1);
    assertThatExceptionOfType(Inflation.TooLarge.class)
        .isThrownBy(() -> inflated(compressed(bomb), LONGEST));
    assertThatExceptionOfType(Inflation.TooLarge.class)
        .isThrownBy(() -> inflated(compressed(random(100_000)), 99_999));
  }

  @Test
  void a_message_is_inflated_in_parts_of_bounded_size() throws Exception {
    try (Inflation inflation = new Inflation(compressed(random(1 << 20)), LONGEST)) {
      assertThat(inflation.inflate(64 << 10)).isFalse();
      assertThat(inflation.result().readableBytes()).isBetween(64 << 10, 80 << 10);
    }
  }

  @Test
  void what_is_not_compressed_as_it_should_be_is_refused() {
    for (byte[] odd : new byte[][] {{7}, {-1, -1, -1}, {3, 0, 1, 2, 3}}) {
      assertThatExceptionOfType(DataFormatException.class)
          .isThrownBy(() -> inflated(Unpooled.wrappedBuffer(odd), LONGEST));
    }
  }
}
