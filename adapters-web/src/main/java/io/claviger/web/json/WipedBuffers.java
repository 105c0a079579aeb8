package io.claviger.web.json;

import java.util.Arrays;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/**
 * The buffers of one parser, which are wiped when it closes. A parser copies a text that has
 * escapes or no end. One that fits into the first buffer is wiped; the parts of a longer one are
 * left to the garbage collector.
 */
class WipedBuffers extends BufferRecycler {
  /** In characters. The longest secrets, the key files of cloud providers, have about 2,500. */
  static final int FIRST_BUFFER = 8_192;

  @Override
  protected int charBufferLength(int index) {
    return FIRST_BUFFER;
  }

  @Override
  public void releaseCharBuffer(int index, char[] buffer) {
    Arrays.fill(buffer, '\0');
  }

  /** Gives each parser buffers of its own. */
  static final class Pool extends RecyclerPool.NonRecyclingPoolBase<BufferRecycler> {
    private static final long serialVersionUID = 1;

    @Override
    public BufferRecycler acquirePooled() {
      return new WipedBuffers();
    }
  }
}
