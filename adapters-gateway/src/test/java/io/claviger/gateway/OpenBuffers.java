package io.claviger.gateway;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import java.util.stream.Stream;

/** Counts buffers that are not released yet. */
final class OpenBuffers {
  private OpenBuffers() {}

  /**
   * Returns the number of open buffers of the whole process. The number is exact only while no
   * event loop runs, because event loops keep returned buffers.
   */
  static long count() {
    PooledByteBufAllocatorMetric metric = PooledByteBufAllocator.DEFAULT.metric();
    return Stream.concat(metric.directArenas().stream(), metric.heapArenas().stream())
        .mapToLong(PoolArenaMetric::numActiveAllocations)
        .sum();
  }

  /**
   * Waits until no more buffers are open than before, because event loops end a moment after their
   * group.
   */
  static void awaitAtMost(long before) {
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    while (count() > before) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(count() - before + " buffers were not given back");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
