package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How much is read from one side, in a time that the test lets pass. */
class MessageReaderTest {
  private static final int HARMLESS = 64 << 10;

  private final AtomicLong now = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final MessageReader reader =
      new MessageReader(new Counting(), true, false, true, now::get);

  @AutoClose private final EmbeddedChannel channel = new EmbeddedChannel(reader);

  private final class Counting implements MessageReader.Receiver {
    @Override
    public void message(WebSocketFrame message) {
      received.addAndGet(message.content().readableBytes());
      message.release();
    }

    @Override
    public void closed(int code) {
      throw new AssertionError(code);
    }

    @Override
    public void violated(int code) {
      throw new AssertionError(code);
    }

    @Override
    public void paused() {}
  }

  private void arrives(int length) {
    arrives(new byte[length]);
  }

  private void arrives(byte[] text) {
    channel.writeInbound(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)));
  }

  private void arrivesCompressed(int length) {
    TextWebSocketFrame plain = new TextWebSocketFrame("a".repeat(length));
    channel.writeInbound(MessageCompression.deflated(plain));
  }

  private void arriveCompressed(int messages) {
    WebSocketFrame one = MessageCompression.deflated(new TextWebSocketFrame("a".repeat(HARMLESS)));
    for (int i = 0; i < messages; i++) {
      channel.writeInbound(one.copy());
    }
    one.release();
  }

  private void pass(long millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** How many messages are read before the reader pauses. */
  private int messagesAtOnce(Runnable arrival) {
    int messages = 0;
    while (!reader.isTooFast()) {
      arrival.run();
      messages++;
    }
    return messages;
  }

  @Test
  void a_second_has_a_thousand_small_frames_but_few_that_become_large() {
    assertThat(messagesAtOnce(() -> arrives(100))).isEqualTo(1_001);
    pass(2_000);
    assertThat(messagesAtOnce(() -> arrivesCompressed(HARMLESS))).isLessThan(64);
    assertThat(received.get()).isLessThan(5 << 20);
  }

  @Test
  void of_what_one_read_brings_no_more_is_inflated_than_the_second_takes() {
    arriveCompressed(700);
    assertThat(received.get()).isLessThan(5 << 20);
    assertThat(reader.held()).isPositive();
    reader.resume();
    assertThat(received.get()).isLessThan(5 << 20);
    int seconds = 0;
    while (reader.isTooFast()) {
      pass(1_100);
      reader.resume();
      seconds++;
    }
    assertThat(received.get()).isEqualTo(700L * HARMLESS);
    assertThat(seconds).isBetween(11, 13);
    assertThat(reader.held()).isZero();
  }

  @Test
  void a_text_is_checked_to_its_end_however_much_of_it_is_ascii() {
    for (int ascii = 0; ascii < 20; ascii++) {
      byte[] whole = ("a".repeat(ascii) + "é").getBytes(UTF_8);
      byte[] cut = Arrays.copyOf(whole, ascii + 1);
      long before = received.get();

      arrives(whole);
      assertThat(received.get() - before).isEqualTo(ascii + 2);
      assertThatThrownBy(() -> arrives(cut)).as("%d", ascii).hasMessage("1007");
    }
  }

  @Test
  void what_waits_is_released_at_the_end() {
    arriveCompressed(700);
    reader.end();
    assertThat(reader.held()).isZero();
    pass(60_000);
    reader.resume();
    assertThat(received.get()).isLessThan(5 << 20);
  }

  @Test
  void sound_and_a_large_picture_pass_and_what_follows_the_picture_waits_for_seconds() {
    for (int i = 0; i < 500; i++) {
      arrives(6_400); // a tenth of a second of 24 kHz in Base64
      assertThat(reader.isTooFast()).isFalse();
      pass(20);
    }
    arrives(10 << 20);
    assertThat(reader.isTooFast()).isTrue();
    assertThat(TimeUnit.NANOSECONDS.toMillis(reader.nanosToWait())).isBetween(1_000L, 3_000L);
    pass(3_000);
    assertThat(reader.isTooFast()).isFalse();
    assertThat(received.get()).isEqualTo((10 << 20) + 500 * 6_400);
  }
}
