package io.claviger.gateway.redact;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Makes buffers that count each byte read, written or copied. */
final class CountedBytes extends AbstractByteBufAllocator {
  private long steps;

  /** Bytes touched so far. */
  long steps() {
    return steps;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new Counted(this, initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  private final class Counted extends UnpooledHeapByteBuf {
    Counted(ByteBufAllocator allocator, int initialCapacity, int maxCapacity) {
      super(allocator, initialCapacity, maxCapacity);
    }

    @Override
    protected byte _getByte(int index) {
      steps++;
      return super._getByte(index);
    }

    @Override
    protected void _setByte(int index, int value) {
      steps++;
      super._setByte(index, value);
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuf source, int sourceIndex, int length) {
      steps += length;
      return super.setBytes(index, source, sourceIndex, length);
    }

    @Override
    public ByteBuf setBytes(int index, byte[] source, int sourceIndex, int length) {
      steps += length;
      return super.setBytes(index, source, sourceIndex, length);
    }

    @Override
    public ByteBuf setZero(int index, int length) {
      steps += length;
      return super.setZero(index, length);
    }
  }
}
