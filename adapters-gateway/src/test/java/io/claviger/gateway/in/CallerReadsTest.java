package io.claviger.gateway.in;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("deprecation") // Netty has no other type for this
class CallerReadsTest {
  static final int USUAL_MOST = 16 << 10;

  private final EmbeddedChannel channel = new EmbeddedChannel();

  /** Returns the handle of a connection whose reads have filled all buffers. */
  static RecvByteBufAllocator.Handle busy(RecvByteBufAllocator reads) {
    RecvByteBufAllocator.Handle handle = reads.newHandle();
    for (int i = 0; i < 20; i++) {
      handle.attemptedBytesRead(USUAL_MOST);
      handle.lastBytesRead(USUAL_MOST);
      handle.readComplete();
    }
    return handle;
  }

  private int sizeOfRead(RecvByteBufAllocator.Handle handle) {
    ByteBuf buffer = handle.allocate(channel.alloc());
    try {
      return buffer.capacity();
    } finally {
      buffer.release();
    }
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @CsvSource({"-1, 16384", "0, 16384", "10000, 16384", "20000, 20000", "1048576, 65536"})
  void a_read_is_as_large_as_the_rest_of_the_body_within_its_bounds(long missing, int size) {
    RecvByteBufAllocator.Handle reads = busy(new CallerReads(() -> missing, () -> true));
    assertThat(reads.guess()).isEqualTo(size);
    assertThat(sizeOfRead(reads)).isEqualTo(size);
  }

  @Test
  void small_reads_stay_small_before_many_bytes_arrive() {
    RecvByteBufAllocator.Handle reads = new CallerReads(() -> 1 << 20, () -> true).newHandle();
    assertThat(sizeOfRead(reads)).isLessThan(USUAL_MOST);
  }

  @Test
  void an_event_loop_makes_few_large_reads_in_a_turn() {
    LargeReads most = new LargeReads();
    RecvByteBufAllocator.Handle reads =
        busy(new CallerReads(() -> 1 << 20, () -> most.take(channel)));
    for (int turn = 0; turn < 2; turn++) {
      for (int i = 0; i < LargeReads.MOST; i++) {
        assertThat(sizeOfRead(reads)).isEqualTo(CallerReads.MOST);
      }
      assertThat(sizeOfRead(reads)).isEqualTo(USUAL_MOST);
      channel.runPendingTasks();
    }
  }
}
