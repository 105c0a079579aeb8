package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compression of whole messages (RFC 7692), with callers who ask for it. Each message is compressed
 * by itself, so that a connection holds no memory for it between messages.
 */
final class MessageCompression {
  /** The bit of a frame that says that its message is compressed. */
  static final int COMPRESSED = 4;

  /** Shorter messages of the provider are not worth the work. */
  private static final int WORTH = 1 << 10;

  /** As large as this a message may be, however small it was compressed. */
  private static final int HARMLESS = 64 << 10;

  private static final int MOST_RATIO = 64;
  private static final int PIECE = 16 << 10;

  /** What ends each compressed message, and is not sent. */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private MessageCompression() {}

  /** A message that has more bytes than it may have. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param message stays with the caller
   * @param longest the most bytes of the result
   * @throws TooLarge if the result would be longer, or 64 times as long as the message and longer
   *     than 64 KiB
   * @throws DataFormatException if the message is not compressed as it should be
   */
  static ByteBuf inflated(ByteBuf message, int longest) throws TooLarge, DataFormatException {
    byte[] input = ByteBufUtil.getBytes(message);
    long most = Math.min(longest, Math.max(HARMLESS, (long) MOST_RATIO * input.length));
    byte[] whole = Arrays.copyOf(input, input.length + TAIL.length);
    System.arraycopy(TAIL, 0, whole, input.length, TAIL.length);
    Inflater inflater = new Inflater(true);
    ByteBuf result = Unpooled.buffer(Math.min(PIECE, HARMLESS), longest);
    try {
      inflater.setInput(whole);
      byte[] piece = new byte[PIECE];
      for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece)) {
        if (result.readableBytes() + n > most) {
          throw new TooLarge();
        }
        result.writeBytes(piece, 0, n);
      }
      if (inflater.getRemaining() > 0 || inflater.needsDictionary()) {
        throw new DataFormatException("something follows the message");
      }
      return result.retain();
    } finally {
      result.release();
      inflater.end();
    }
  }

  /**
   * Compresses a message if that is worth the work.
   *
   * @param message owned by the callee from now on
   */
  static WebSocketFrame deflated(WebSocketFrame message) {
    if (message.content().readableBytes() < WORTH) {
      return message;
    }
    byte[] input = ByteBufUtil.getBytes(message.content());
    ByteBuf result = Unpooled.buffer(input.length / 2);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(input);
      byte[] piece = new byte[PIECE];
      int n;
      do {
        n = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
        result.writeBytes(piece, 0, n);
      } while (n == piece.length);
    } finally {
      deflater.end();
    }
    result.writerIndex(result.writerIndex() - TAIL.length);
    boolean binary = message instanceof BinaryWebSocketFrame;
    message.release();
    return binary
        ? new BinaryWebSocketFrame(true, COMPRESSED, result)
        : new TextWebSocketFrame(true, COMPRESSED, result);
  }
}
