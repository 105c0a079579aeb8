package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For how long a WebSocket may be open and silent, in a time that the test lets pass. */
class SocketClockTest {
  private final AtomicLong now = new AtomicLong();

  @AutoClose private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SocketClock clock = new SocketClock(channel.eventLoop(), now::get);

  @BeforeEach
  void begin() {
    channel.freezeTime();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void
      without_a_message_it_is_late_to_name_a_model_after_a_minute_and_idle_after_a_quarter_of_an_hour() {
    pass(Duration.ofSeconds(60));
    assertThat(clock.isLateToNameModel()).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(clock.isLateToNameModel()).isTrue();
    assertThat(clock.isIdle()).isFalse();
    pass(Duration.ofMinutes(14));
    assertThat(clock.isIdle()).isTrue();

    clock.messageCame();
    assertThat(clock.isLateToNameModel()).as("messages that name no model change nothing").isTrue();
    assertThat(clock.isIdle()).isFalse();
    clock.opened();
    assertThat(clock.isLateToNameModel()).isFalse();
  }

  @Test
  void twenty_refused_messages_are_too_many_within_a_minute() {
    for (int i = 0; i < 19; i++) {
      assertThat(clock.isRefusedTooOften()).isFalse();
    }
    pass(Duration.ofSeconds(61));
    for (int i = 0; i < 19; i++) {
      assertThat(clock.isRefusedTooOften()).isFalse();
      pass(Duration.ofSeconds(3));
    }
    assertThat(clock.isRefusedTooOften()).isTrue();
  }

  @Test
  void a_provider_is_silent_after_the_timeout_of_its_service() {
    pass(Duration.ofMillis(300));
    assertThat(clock.isProviderSilent(300)).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(clock.isProviderSilent(300)).isTrue();
    clock.providerIsFree();
    assertThat(clock.isProviderSilent(300)).isFalse();
  }

  @Test
  void it_ends_after_the_longest_time_and_looks_until_it_is_stopped() {
    AtomicInteger ends = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    clock.opened();
    clock.endAfter(2, ends::incrementAndGet);
    clock.look(looks::incrementAndGet, Long.MAX_VALUE);
    pass(Duration.ofSeconds(30));
    clock.look(looks::incrementAndGet, 10_000);
    pass(Duration.ofSeconds(10));
    assertThat(looks).hasValue(2);
    pass(Duration.ofSeconds(79));
    assertThat(ends).hasValue(0);
    pass(Duration.ofSeconds(1));
    assertThat(ends).hasValue(1);
    assertThat(clock.age()).isEqualTo(Duration.ofMinutes(2));

    int before = looks.get();
    clock.stop();
    pass(Duration.ofMinutes(5));
    assertThat(looks).hasValue(before);
    assertThat(ends).hasValue(1);
  }
}
