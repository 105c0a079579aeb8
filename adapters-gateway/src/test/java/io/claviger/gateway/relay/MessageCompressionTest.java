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

  @Test
  void what_is_compressed_is_read_as_it_was() throws Exception {
    for (int length : new int[] {1_024, 40_000, 1 << 20}) {
      String text = random(length);
      WebSocketFrame frame = deflated(text);
      assertThat(frame.rsv()).isEqualTo(MessageCompression.COMPRESSED);
      assertThat(frame.content().readableBytes()).isLessThan(length);
      ByteBuf read = MessageCompression.inflated(frame.content(), LONGEST);
      assertThat(read.toString(US_ASCII)).isEqualTo(text);
      assertThat(read.release() & frame.release()).isTrue();
    }
  }

  @Test
  void short_messages_stay_as_they_are() {
    WebSocketFrame frame = deflated("{}");
    assertThat(frame.rsv()).isZero();
    assertThat(frame.release()).isTrue();
  }

  @Test
  void nothing_grows_beyond_its_bounds() throws Exception {
    WebSocketFrame harmless = deflated("a".repeat(64 << 10));
    ByteBuf read = MessageCompression.inflated(harmless.content(), LONGEST);
    assertThat(read.readableBytes()).isEqualTo(64 << 10);
    assertThat(read.release() & harmless.release()).isTrue();

    WebSocketFrame bomb = deflated("a".repeat((64 << 10) + 1));
    assertThatExceptionOfType(MessageCompression.TooLarge.class)
        .isThrownBy(() -> MessageCompression.inflated(bomb.content(), LONGEST));
    WebSocketFrame large = deflated(random(100_000));
    assertThatExceptionOfType(MessageCompression.TooLarge.class)
        .isThrownBy(() -> MessageCompression.inflated(large.content(), 99_999));
    assertThat(bomb.release() & large.release()).isTrue();
  }

  @Test
  void what_is_not_compressed_as_it_should_be_is_refused() {
    for (byte[] odd : new byte[][] {{7}, {-1, -1, -1}, {3, 0, 1, 2, 3}}) {
      assertThatExceptionOfType(DataFormatException.class)
          .isThrownBy(() -> MessageCompression.inflated(Unpooled.wrappedBuffer(odd), LONGEST));
    }
  }
}
