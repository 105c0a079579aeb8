package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.zip.Deflater;

/**
 * Compresses whole messages (RFC 7692) between the gateway and callers who request compression.
 * Each message is compressed separately, so that a connection keeps no memory for compression
 * between messages. {@link Inflation} reads the compressed messages of callers.
 */
final class MessageCompression {
  /** The frame bit that marks a compressed message. */
  static final int COMPRESSED = 4;

  /**
   * The smallest message that is compressed, in bytes. The compression of shorter messages saves
   * too little.
   */
  private static final int WORTH = 1 << 10;

  /**
   * The largest message that is compressed, in bytes. Longer messages would delay other callers too
   * long.
   */
  private static final int LONGEST = LargeMessage.LEAST;

  private static final int PIECE = 16 << 10;

  /** The last bytes of each compressed message. The last bytes are not sent (RFC 7692, 7.2.1). */
  static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private MessageCompression() {}

  /**
   * Compresses a message if this saves enough bytes in a short time.
   *
   * @param message the message; the callee has to release it
   */
  static WebSocketFrame deflated(WebSocketFrame message) {
    int length = message.content().readableBytes();
    if (length < WORTH || length > LONGEST) {
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
