package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A compressed message, inflated in steps. One thread at a time uses the inflation, and the last of
 * these threads closes it.
 */
final class Inflation implements AutoCloseable {
  /**
   * The number of bytes to which a message may be inflated, however small its compressed size is.
   */
  private static final int HARMLESS = 64 << 10;

  private static final int MOST_RATIO = 64;
  private static final int PIECE = 16 << 10;

  private final ByteBuf message;
  private final long most;
  private final ByteBuf result;
  private final byte[] piece = new byte[PIECE];
  private final Inflater inflater = new Inflater(true);
  private boolean inTail;

  /** Thrown if the inflated message is larger than permitted. */
  static final class TooLarge extends Exception {}

  /**
   * @param message the compressed message; the new object has to release it
   * @param longest the largest size of the inflated message, in bytes
   */
  Inflation(ByteBuf message, int longest) {
    this.message = message;
    this.most = Math.min(longest, Math.max(HARMLESS, (long) MOST_RATIO * message.readableBytes()));
    this.result = Unpooled.buffer(PIECE, longest);
    inflater.setInput(message.nioBuffer());
  }

  /**
   * Inflates the next part.
   *
   * @param least the approximate number of bytes to inflate; fewer at the end of the message
   * @return whether the whole message is inflated
   * @throws TooLarge if the inflated message exceeds {@code longest}, or if it exceeds both 64 KiB
   *     and 64 times the compressed size
   * @throws DataFormatException if the message is not validly compressed
   */
  boolean inflate(int least) throws TooLarge, DataFormatException {
    int enough = result.readableBytes() + least;
    while (result.readableBytes() < enough) {
      int n = inflater.inflate(piece);
      if (n == 0 && !inTail && inflater.needsInput()) {
        inTail = true;
        inflater.setInput(MessageCompression.TAIL);
      } else if (n == 0) {
        demandEnd();
        return true;
      } else if (result.readableBytes() + n > most) {
        throw new TooLarge();
      } else {
        result.writeBytes(piece, 0, n);
      }
    }
    return false;
  }

  private void demandEnd() throws DataFormatException {
    if (!inTail || inflater.getRemaining() > 0 || inflater.needsDictionary()) {
      throw new DataFormatException("something follows the message");
    }
  }

  /** The inflated bytes so far, which this object still owns. */
  ByteBuf result() {
    return result;
  }

  /**
   * The memory, in bytes, that this object will occupy after it has inflated {@code more} further
   * bytes. While the buffer grows, the old buffer also exists, but the result does not include it.
   */
  long heldAfter(int more) {
    int length = Math.min(result.maxCapacity(), result.writerIndex() + more + PIECE);
    int grown = result.alloc().calculateNewCapacity(length, result.maxCapacity());
    return (long) message.readableBytes() + Math.max(result.capacity(), grown);
  }

  /** The memory, in bytes, that this object occupies. */
  long held() {
    return (long) message.readableBytes() + result.capacity();
  }

  @Override
  public void close() {
    inflater.end();
    message.release();
    result.release();
  }
}
