package io.claviger.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SilenceWatchTest {
  private static final int NO_TIMER = -1;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SilenceWatch watch =
      new SilenceWatch(channel.eventLoop(), () -> true, () -> {}, failure -> {});

  @Test
  void a_closed_watch_leaves_no_timer_that_would_hold_its_connection() {
    watch.begin(60_000);

    watch.close();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
  }

  @Test
  void a_shorter_patience_replaces_the_timer() {
    watch.begin(60_000);
    watch.begin(1_000);

    watch.close();

    assertThat(channel.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
  }

  @Test
  void what_fails_when_the_time_is_over_is_told() {
    List<Throwable> told = new ArrayList<>();
    SilenceWatch failing =
        new SilenceWatch(
            channel.eventLoop(),
            () -> true,
            () -> {
              throw new StackOverflowError("odd");
            },
            told::add);
    failing.begin(0);
    channel.runScheduledPendingTasks();

    assertThat(told).singleElement().isInstanceOf(StackOverflowError.class);
  }
}
