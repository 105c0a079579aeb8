package io.claviger.gateway.probe;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;

/** The body of an answer. At most a given number of bytes is kept in memory. */
final class HeldBody {
  private final int mostBytes;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  HeldBody(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Adds the next part of the body.
   *
   * @return whether the whole part fitted
   */
  boolean add(ByteBuf part) {
    try {
      byte[] bytes = new byte[Math.min(part.readableBytes(), mostBytes - held.size())];
      part.readBytes(bytes);
      held.writeBytes(bytes);
      return !part.isReadable();
    } finally {
      part.release();
    }
  }

  byte[] bytes() {
    return held.toByteArray();
  }
}
