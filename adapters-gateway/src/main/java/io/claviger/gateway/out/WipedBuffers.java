package io.claviger.gateway.out;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.Arrays;

/**
 * Buffers for connections with TLS. What is encrypted, and what was decrypted, passes through
 * arrays on the heap, keys with it: each is used once and wiped when it is released. Other buffers
 * come from where they came from before.
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

    /** Also of the smaller array, when a buffer grows. */
    @Override
    protected void freeArray(byte[] array) {
      Arrays.fill(array, (byte) 0);
    }
  }
}
