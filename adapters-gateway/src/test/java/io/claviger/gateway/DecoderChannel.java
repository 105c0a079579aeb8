package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;

/** A channel whose only handler is a decoder. */
public final class DecoderChannel implements AutoCloseable {
  private final EmbeddedChannel channel;

  public DecoderChannel(ChannelHandler decoder) {
    channel = new EmbeddedChannel(decoder);
  }

  /** The decoder receives these bytes. */
  public void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
  }

  /** The next object that the decoder has passed on. */
  public <T> T read() {
    return channel.readInbound();
  }

  /** How many objects the decoder has passed on since the last call. They are released. */
  public int decoded() {
    int count = 0;
    for (Object part = read(); part != null; part = read()) {
      ReferenceCountUtil.release(part);
      count++;
    }
    return count;
  }

  /** The peer closes the connection. */
  public void finish() {
    channel.finish();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
  }
}
