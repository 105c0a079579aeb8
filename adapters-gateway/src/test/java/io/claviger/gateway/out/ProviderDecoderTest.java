package io.claviger.gateway.out;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderDecoderTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final ProviderDecoder decoder = new ProviderDecoder();
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  private int decoded() {
    int count = 0;
    for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
      ReferenceCountUtil.release(part);
      count++;
    }
    return count;
  }

  @Test
  void while_paused_chunks_stay_bytes() {
    send(CHUNKED);
    assertThat(decoded()).isEqualTo(1);
    decoder.pause();
    send("1\r\nx\r\n".repeat(500));

    assertThat(decoded()).isZero();
    decoder.resume();
    assertThat(decoded()).isEqualTo(500);
  }

  /** A complete answer must not look broken because its caller reads slowly. */
  @Test
  void what_was_held_back_is_decoded_when_the_provider_closes() {
    send(CHUNKED);
    decoder.pause();
    send("1\r\nx\r\n0\r\n\r\n");
    assertThat(decoded()).isEqualTo(1);

    channel.finish();
    assertThat(decoded()).isEqualTo(2);
  }

  @Test
  void nothing_is_decoded_of_a_head_that_is_not_whole() {
    send("HTTP/1.1 200 OK\r\n" + "a:\r\n".repeat(200));
    assertThat(decoded()).isZero();
  }

  @Test
  void a_long_line_is_not_kept_for_the_next_answer() {
    send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(decoder.keepsLongLine()).isFalse();
    send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\na: " + "x".repeat(2_000) + "\r\n\r\n");
    assertThat(decoder.keepsLongLine()).isTrue();
  }
}
