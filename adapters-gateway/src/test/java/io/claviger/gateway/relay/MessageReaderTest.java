package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.model.BodyReaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How much is read from one side, in a time that the test lets pass. */
class MessageReaderTest {
  private static final int HARMLESS = 64 << 10;

  private final AtomicLong now = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final MessageReader reader =
      MessageReader.ofCaller(new Counting(), false, true, now::get);

  @AutoClose private final EmbeddedChannel channel = new EmbeddedChannel(reader.decoder(), reader);

  @AutoClose
  private final EmbeddedChannel frames = new EmbeddedChannel(new WebSocket13FrameEncoder(true));

  /** Reads a large message; null if that is done at once. */
  private @Nullable Deque<Runnable> elsewhere;

  /** Whether no large message can be read. */
  private boolean isBusy;

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

    @Override
    public void read(LargeMessage message, Continuation<BodyReaders.Reading> then) {
      if (isBusy) {
        then.refused(CallError.BUSY);
        return;
      }
      Runnable reads =
          () -> {
            while (!message.readOn()) {
              // Reads the next part of the message.
            }
            then.done(message);
          };
      if (elsewhere == null) {
        reads.run();
      } else {
        elsewhere.add(reads);
      }
    }

    @Override
    public void unread(CallError why) {
      assertThat(isBusy).as("%s", why).isTrue();
    }
  }

  /** Lets these frames arrive together, by one read. */
  private void arrive(WebSocketFrame... sent) {
    channel.writeInbound(encoded(frames, sent));
  }

  private static ByteBuf encoded(EmbeddedChannel encoder, WebSocketFrame... sent) {
    for (WebSocketFrame frame : sent) {
      encoder.writeOutbound(frame);
    }
    ByteBuf bytes = Unpooled.buffer();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      bytes.writeBytes(part);
      part.release();
    }
    return bytes;
  }

  private void arrives(int length) {
    arrives(new byte[length]);
  }

  private void arrives(byte[] text) {
    arrive(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)));
  }

  private void arrivesCompressed(int length) {
    TextWebSocketFrame plain = new TextWebSocketFrame("a".repeat(length));
    arrive(MessageCompression.deflated(plain));
  }

  private void arriveCompressed(int messages) {
    WebSocketFrame one = MessageCompression.deflated(new TextWebSocketFrame("a".repeat(HARMLESS)));
    arrive(Stream.generate(one::retainedDuplicate).limit(messages).toArray(WebSocketFrame[]::new));
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

  /** Buffers grow by more than what is written into them. */
  @Test
  void a_message_in_parts_counts_with_all_that_its_buffer_takes() {
    ByteBuf first = Unpooled.buffer().writeZero(1 << 20);
    arrive(new TextWebSocketFrame(false, 0, first));
    long before = reader.held();
    arrive(new ContinuationWebSocketFrame(false, 0, Unpooled.buffer().writeZero(1)));
    assertThat(before).isBetween(1L << 20, (1L << 20) + 100);
    assertThat(reader.held()).isGreaterThanOrEqualTo(2L << 20);
  }

  private static WebSocketFrame compressed(String text) {
    return new TextWebSocketFrame(
        true, MessageCompression.COMPRESSED, MessageCompressionTest.compressed(text));
  }

  /** The event loop would let all others wait meanwhile. */
  @Test
  void a_large_message_is_inflated_elsewhere_bit_by_bit_and_what_follows_waits_for_it() {
    Deque<Runnable> threads = new ArrayDeque<>();
    elsewhere = threads;
    String text = "0123456789abcdef".repeat(3 << 16) + random(64 << 10);
    arrive(compressed(text), new TextWebSocketFrame("{}"));

    assertThat(received.get()).isZero();
    assertThat(reader.isBusy()).isTrue();
    assertThat(reader.kept()).isBetween(2L << 20, 3L << 20); // its buffer doubles
    int goes = 0;
    while (!threads.isEmpty()) {
      assertThat(received.get()).isZero();
      threads.remove().run();
      goes++;
    }
    assertThat(goes).isBetween(3, 5);
    assertThat(received.get()).isEqualTo(text.length());
    assertThat(reader.isBusy()).isFalse();
    assertThat(reader.kept()).isZero();
    pass(2_000);
    reader.resume();
    assertThat(received.get()).isEqualTo(text.length() + 2);
  }

  @Test
  void a_large_message_that_is_not_compressed_is_checked_elsewhere_and_a_small_one_at_once() {
    Deque<Runnable> threads = new ArrayDeque<>();
    elsewhere = threads;
    arrive(compressed("a".repeat(HARMLESS)));
    arrives(HARMLESS);
    assertThat(received.get()).isEqualTo(2L * HARMLESS);
    arrives(HARMLESS + 1);
    assertThat(received.get()).isEqualTo(2L * HARMLESS);
    threads.remove().run();
    assertThat(received.get()).isEqualTo(3L * HARMLESS + 1);
  }

  @Test
  void a_message_of_the_largest_size_passes() {
    arrives(MessageReader.LONGEST);
    assertThat(received.get()).isEqualTo(MessageReader.LONGEST);
  }

  @Test
  void a_large_message_that_is_being_read_is_freed_once_its_thread_is_done() {
    Deque<Runnable> threads = new ArrayDeque<>();
    elsewhere = threads;
    ByteBuf content = Unpooled.copiedBuffer("a".repeat(HARMLESS + 1), US_ASCII);
    channel.pipeline().fireChannelRead(new TextWebSocketFrame(content));
    reader.end();
    assertThat(content.refCnt()).isOne();
    threads.remove().run();
    assertThat(content.refCnt()).isZero();
    assertThat(received.get()).isZero();
  }

  @Test
  void characters_may_lie_across_the_parts_in_which_a_message_is_checked() {
    for (int shift = 0; shift < 4; shift++) {
      String text = "a".repeat(shift) + "\ud83d\ude00".repeat(20_000);
      ByteBuf content = Unpooled.copiedBuffer(text, UTF_8);
      int length = content.readableBytes();
      received.set(0);
      channel.pipeline().fireChannelRead(new TextWebSocketFrame(content));
      assertThat(received.get()).isEqualTo(length);
      pass(2_000);
    }
  }

  /** A read may bring thousands of pings, and each answer was a call of the system. */
  @Test
  void no_more_pings_are_answered_than_the_second_takes_frames_and_all_by_one_flush() {
    AtomicInteger flushes = new AtomicInteger();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext ctx) {
                flushes.incrementAndGet();
                ctx.flush();
              }
            });
    arrive(Stream.generate(PingWebSocketFrame::new).limit(5_000).toArray(WebSocketFrame[]::new));
    assertThat(channel.outboundMessages()).hasSize(1_001);
    assertThat(flushes.get()).isOne();
    assertThat(reader.held()).isPositive();
    pass(1_100);
    reader.resume();
    assertThat(channel.outboundMessages()).hasSize(2_002);
    assertThat(flushes.get()).isEqualTo(2);
    channel.releaseOutbound();
  }

  private boolean isLate() {
    return reader.isLate(TimeUnit.SECONDS.toNanos(60));
  }

  @Test
  void a_message_may_take_so_long_whatever_else_arrives_meanwhile() {
    arrives(5);
    pass(100_000);
    arrive(new TextWebSocketFrame(false, 0, "be"));
    pass(60_000);
    arrive(new PingWebSocketFrame());
    assertThat(isLate()).isFalse();
    pass(1);
    assertThat(isLate()).isTrue();
    arrive(new ContinuationWebSocketFrame(true, 0, "gun"));
    assertThat(isLate()).isFalse();
    assertThat(received.get()).isEqualTo(10);
    channel.releaseOutbound();
  }

  @Test
  void a_frame_that_arrives_in_part_is_a_message_too() {
    ByteBuf whole = encoded(frames, new TextWebSocketFrame("begun"));
    channel.writeInbound(whole.readRetainedSlice(4));
    pass(60_001);
    assertThat(isLate()).isTrue();
    channel.writeInbound(whole);
    assertThat(isLate()).isFalse();
  }

  @Test
  void the_time_in_which_no_message_may_arrive_does_not_count() {
    arrive(new TextWebSocketFrame(false, 0, "be"));
    pass(59_000);
    reader.read(channel, false);
    pass(100_000);
    assertThat(isLate()).isFalse();
    reader.read(channel, true);
    assertThat(isLate()).isFalse();
    pass(1_001);
    assertThat(isLate()).isTrue();
  }

  @Test
  void a_message_that_begins_in_that_time_gets_no_more_time_than_others() {
    reader.read(channel, false);
    pass(100_000);
    arrive(new TextWebSocketFrame("be"));
    arrive(new TextWebSocketFrame(false, 0, "be"));
    reader.read(channel, true);
    pass(60_001);
    assertThat(isLate()).isTrue();
  }

  /** The answers to its pings, for example. */
  @Test
  void the_time_in_which_a_side_takes_nothing_counts_although_it_is_not_read() {
    arrive(new TextWebSocketFrame(false, 0, "be"));
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    reader.read(channel, true);
    assertThat(channel.config().isAutoRead()).isFalse();
    pass(60_001);
    assertThat(isLate()).isTrue();
  }

  /** What a provider says before it closes counts. */
  @Test
  void what_had_arrived_before_a_provider_closes_is_received() {
    MessageReader ofProvider = MessageReader.ofProvider(new Counting(), false, now::get);
    EmbeddedChannel provider = new EmbeddedChannel(ofProvider.decoder(), ofProvider);
    EmbeddedChannel unmasked = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
    WebSocketFrame[] sent =
        Stream.generate(() -> new TextWebSocketFrame("a"))
            .limit(3_000)
            .toArray(WebSocketFrame[]::new);
    provider.writeInbound(encoded(unmasked, sent));
    provider.writeInbound(encoded(unmasked, new PingWebSocketFrame()));
    assertThat(received.get()).isEqualTo(1_001);
    provider.close();
    assertThat(received.get()).isEqualTo(3_000);
    assertThat(provider.outboundMessages()).isEmpty();
    unmasked.close();
  }

  /** Others would wait while thousands of its messages are inflated. */
  @Test
  void what_still_waits_when_a_caller_closes_is_dropped() {
    arriveCompressed(700);
    long before = received.get();
    channel.close();
    assertThat(received.get()).isEqualTo(before).isPositive();
    assertThat(reader.held()).isZero();
  }

  @Test
  void a_message_that_could_not_be_read_counts_with_what_was_inflated_of_it() {
    isBusy = true;
    String text = "a".repeat(100_000) + random(4_000);
    assertThat(messagesAtOnce(() -> arrive(compressed(text)))).isLessThan(64);
    assertThat(received.get()).isZero();
    pass(3_000);
    arrives(2);
    assertThat(received.get()).isEqualTo(2);
  }

  private static String random(int length) {
    return new Random(1)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
