package io.claviger.web.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Buffers for the data of connections. Since a body may contain a key, each buffer is used only
 * once, and is wiped when it is released.
 */
final class WipingBuffers implements ByteBufferPool {
  @Override
  public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
    ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    ByteBuffer whole = bytes.duplicate();
    bytes.limit(0);
    return RetainableByteBuffer.wrap(bytes, () -> wipe(whole));
  }

  @Override
  public void clear() {
    // There is nothing to clear, because no buffer is kept.
  }

  private static void wipe(ByteBuffer whole) {
    whole.clear();
    while (whole.remaining() >= Long.BYTES) {
      whole.putLong(0);
    }
    while (whole.hasRemaining()) {
      whole.put((byte) 0);
    }
  }
}
