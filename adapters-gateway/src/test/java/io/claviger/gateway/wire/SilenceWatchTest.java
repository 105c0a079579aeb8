package io.claviger.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

final class SilenceWatchTest {
  private static final int NO_TIMER = -1;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SilenceWatch watch = new SilenceWatch(channel.eventLoop(), () -> true, () -> {});

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
}
