package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
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

  /** Otherwise it would keep the call in memory for the rest of the second. */
  @Test
  void nothing_is_awaited_of_a_call_that_is_over() {
    answer.afterLongest(channel.eventLoop(), late::incrementAndGet);

    answer.close();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    assertThat(late).hasValue(0);
  }
}
