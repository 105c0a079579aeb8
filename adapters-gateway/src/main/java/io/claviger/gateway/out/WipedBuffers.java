package io.claviger.gateway.out;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.Arrays;

/**
 * Buffers for connections with TLS. Plain text, keys included, passes through arrays on the heap
 * before it is encrypted and after it is decrypted. Each array is used once and wiped when it is
 * released. Direct buffers come from the given allocator.
 */
final class WipedBuffers extends AbstractByteBufAllocator {
  private final ByteBufAllocator direct;

  WipedBuffers(ByteBufAllocator direct) {
    super(true);
    this.direct = direct;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new Wiped(this, initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return direct.directBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return direct.isDirectBufferPooled();
  }

  private static final class Wiped extends UnpooledHeapByteBuf {
    Wiped(ByteBufAllocator buffers, int initialCapacity, int maxCapacity) {
      super(buffers, initialCapacity, maxCapacity);
    }

    /** Also called for the smaller array when a buffer grows. */
    @Override
    protected void freeArray(byte[] array) {
      Arrays.fill(array, (byte) 0);
    }
  }
}
