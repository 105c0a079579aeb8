package io.claviger.gateway.request;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Reads requests, and marks as malformed those with folded header lines: what the decoder below
 * would silently join, another reader splits.
 */
public final class CallerDecoder extends HttpRequestDecoder {
  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(8 << 10)
          .setMaxHeaderSize(32 << 10)
          .setMaxChunkSize(64 << 10);

  private boolean inHead = true;
  private boolean atFirstLine = true;
  private boolean folded;

  public CallerDecoder() {
    super(LIMITS);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (inHead) {
      folded |= hasFold(buffer);
    }
    super.decode(ctx, buffer, out);
    out.forEach(this::follow);
  }

  private void follow(Object decoded) {
    if (inHead && decoded instanceof HttpMessage message) {
      if (folded && message.decoderResult().isSuccess()) {
        message.setDecoderResult(
            DecoderResult.failure(new IllegalArgumentException("a folded header line")));
      }
      inHead = false;
      folded = false;
    }
    if (decoded instanceof LastHttpContent) {
      inHead = true;
      atFirstLine = true;
    }
  }

  /** The decoder takes whole lines, so that what it has left begins at the beginning of one. */
  private boolean hasFold(ByteBuf buffer) {
    int end = buffer.writerIndex();
    int line = buffer.readerIndex();
    while (line < end) {
      byte start = buffer.getByte(line);
      boolean empty = start == '\n' || start == '\r';
      if (empty && !atFirstLine) {
        return false;
      }
      if (start == ' ' || start == '\t') {
        return true;
      }
      int lineFeed = buffer.indexOf(line, end, (byte) '\n');
      atFirstLine &= empty || lineFeed < 0;
      line = lineFeed < 0 ? end : lineFeed + 1;
    }
    return false;
  }
}
