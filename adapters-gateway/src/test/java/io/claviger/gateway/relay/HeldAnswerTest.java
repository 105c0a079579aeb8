package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.gateway.out.ProviderListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class HeldAnswerTest {
  private static final long NO_TIMER = -1;

  @AutoClose private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicInteger late = new AtomicInteger();
  private final HeldAnswer answer =
      new HeldAnswer(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST));

  @Test
  void the_end_of_an_answer_is_awaited_for_a_second() {
    channel.freezeTime();
    answer.afterLongest(channel.eventLoop(), late::incrementAndGet);

    channel.advanceTimeBy(999, TimeUnit.MILLISECONDS);
    assertThat(channel.runScheduledPendingTasks()).isPositive();
    assertThat(late).hasValue(0);
    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    assertThat(late).hasValue(1);
  }

  /** A timer would keep the call in memory for the rest of the second. */
  @Test
  void nothing_is_awaited_of_a_call_that_is_over() {
    answer.afterLongest(channel.eventLoop(), late::incrementAndGet);

    answer.close();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    assertThat(late).hasValue(0);
  }

  /** A chunk may have a single byte, and 64 KiB of such chunks would take some 10 MB. */
  @Test
  void small_parts_take_no_more_memory_than_large_ones() {
    byte[] text = "0123456789".repeat(5_000).getBytes(US_ASCII);
    ByteBuf arrived = Unpooled.copiedBuffer(text);
    for (int i = 0; i < text.length; i++) {
      boolean unused = answer.add(arrived.readRetainedSlice(1));
    }

    assertThat(arrived.refCnt()).as("without the references of parts").isEqualTo(1);
    arrived.release();
    Passed passed = new Passed();
    answer.end();
    answer.replay(passed);
    assertThat(passed.content.toString(US_ASCII).getBytes(US_ASCII)).isEqualTo(text);
    assertThat(passed.ended).isTrue();
    passed.content.release();
  }

  private static final class Passed implements ProviderListener {
    private final ByteBuf content = Unpooled.buffer();
    private boolean ended;

    @Override
    public void answered(HttpResponse head) {}

    @Override
    public void content(ByteBuf part) {
      content.writeBytes(part);
      part.release();
    }

    @Override
    public void answerEnded() {
      ended = true;
    }

    @Override
    public void silent() {}

    @Override
    public void broken() {}

    @Override
    public void malformed() {}
  }
}
