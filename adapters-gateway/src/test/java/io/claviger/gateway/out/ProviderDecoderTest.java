package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.DecoderChannel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProviderDecoderTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final ProviderDecoder decoder = new ProviderDecoder();
  @AutoClose private final DecoderChannel channel = new DecoderChannel(decoder);

  @Test
  void while_paused_chunks_stay_bytes() {
    channel.send(CHUNKED);
    assertThat(channel.decoded()).isEqualTo(1);
    decoder.pause();
    channel.send("1\r\nx\r\n".repeat(500));

    assertThat(channel.decoded()).isZero();
    decoder.resume();
    assertThat(channel.decoded()).isEqualTo(500);
  }

  /** A complete answer must not look broken because its caller reads slowly. */
  @Test
  void what_was_held_back_is_decoded_when_the_provider_closes() {
    channel.send(CHUNKED);
    decoder.pause();
    channel.send("1\r\nx\r\n0\r\n\r\n");
    assertThat(channel.decoded()).isEqualTo(1);

    channel.finish();
    assertThat(channel.decoded()).isEqualTo(2);
  }

  @Test
  void nothing_is_decoded_of_a_head_that_is_not_whole() {
    channel.send("HTTP/1.1 200 OK\r\n" + "a:\r\n".repeat(200));
    assertThat(channel.decoded()).isZero();
  }

  @Test
  void a_long_line_is_not_kept_for_the_next_answer() {
    channel.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(decoder.keepsLongLine()).isFalse();
    channel.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\na: " + "x".repeat(2_000) + "\r\n\r\n");
    assertThat(decoder.keepsLongLine()).isTrue();
  }
}
