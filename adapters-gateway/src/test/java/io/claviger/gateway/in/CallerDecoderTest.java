package io.claviger.gateway.in;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.DecoderChannel;
import io.netty.handler.codec.http.HttpRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which bytes are decoded, and which stay undecoded. */
class CallerDecoderTest {
  private static final String REQUEST = "GET /x HTTP/1.1\r\n\r\n";
  private static final String CHUNKED = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final Taker taker = new Taker();
  private final CallerDecoder decoder = new CallerDecoder(taker);
  @AutoClose private final DecoderChannel channel = new DecoderChannel(decoder);

  /** Takes everything, unless a test says otherwise. */
  static final class Taker implements CallerDecoder.Receiver {
    private boolean head = true;
    private boolean body = true;
    private int held;
    private int most = Integer.MAX_VALUE;

    @Override
    public boolean takesHead() {
      return head;
    }

    @Override
    public boolean takesBody() {
      return body;
    }

    @Override
    public boolean takesNothing() {
      return false;
    }

    @Override
    public boolean hold(int bytes) {
      held = bytes;
      return bytes <= most;
    }

    @Override
    public void headBegun() {}

    @Override
    public void headEnded() {}

    @Override
    public void tlsBegun() {}
  }

  @Test
  void requests_that_nobody_takes_yet_stay_bytes() {
    taker.head = false;
    channel.send(REQUEST.repeat(500));

    assertThat(channel.decoded()).isZero();
    assertThat(decoder.holdsBack()).isTrue();
    taker.head = true;
    decoder.resume();
    assertThat(channel.decoded()).isEqualTo(2 * 500);
    assertThat(decoder.holdsBack()).isFalse();
  }

  @Test
  void chunks_that_nobody_takes_yet_stay_bytes() {
    taker.body = false;
    channel.send(CHUNKED + "1\r\nx\r\n".repeat(500));

    assertThat(channel.decoded()).isEqualTo(1);
    taker.body = true;
    decoder.resume();
    assertThat(channel.decoded()).isEqualTo(500);
  }

  @Test
  void nothing_is_decoded_of_a_head_that_is_not_whole() {
    channel.send("GET /x HTTP/1.1\r\n" + "a:\r\n".repeat(100));
    assertThat(channel.decoded()).isZero();

    channel.send("\r\n");
    HttpRequest request = channel.read();
    assertThat(request.decoderResult().isSuccess()).isTrue();
    assertThat(request.headers().size()).isEqualTo(100);
  }

  @Test
  void an_unfinished_head_weighs_little_more_than_its_bytes() {
    String head = "GET /x HTTP/1.1\r\na: " + "x".repeat(7_000);
    for (int i = 0; i < head.length(); i++) {
      channel.send(head.substring(i, i + 1));
    }

    assertThat(taker.held).isBetween(head.length(), 2 * head.length());
  }

  @Test
  void a_whole_head_weighs_what_its_objects_take() {
    String head = "GET /x HTTP/1.1\r\n" + "a:\r\n".repeat(100) + "\r\n";
    channel.send(head);

    assertThat(taker.held).isGreaterThanOrEqualTo(100 * 200 + 2 * head.length());
  }

  @Test
  void a_head_for_which_there_is_no_room_is_refused() {
    taker.most = 1_000;
    channel.send("GET /x HTTP/1.1\r\na: " + "x".repeat(2_000));

    HttpRequest request = channel.read();
    assertThat(request.decoderResult().cause()).hasMessage("service_unavailable");
    assertThat(request.uri()).isEqualTo("/x");
  }
}
