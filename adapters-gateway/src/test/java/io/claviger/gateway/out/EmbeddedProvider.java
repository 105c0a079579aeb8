package io.claviger.gateway.out;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AddressScope;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A connection without a socket, which takes what is written or fails to. */
public final class EmbeddedProvider implements AutoCloseable {
  private final EmbeddedChannel channel;
  private final ProviderPool pool;
  private final ProviderConnection connection;
  private final List<ByteBuf> buffers = new ArrayList<>();
  private final StringBuilder taken = new StringBuilder();

  private EmbeddedProvider(boolean refusing) {
    channel = new EmbeddedChannel();
    channel.pipeline().addLast(new Socket(refusing), new ProviderDecoder());
    pool = pool(channel.eventLoop());
    connection =
        new ProviderConnection(
            channel, pool, new ProviderAddress(false, "host", 80, new AddressScope(false, false)));
    channel.pipeline().addLast(connection);
    connection.begin(new Releasing(connection), 1_000);
  }

  /** A pool that could connect to what is no private address. */
  static ProviderPool pool(EventLoop loop) {
    return new ProviderPool(loop, connector(AllowedPrivateHosts.none()));
  }

  static Connector connector(AllowedPrivateHosts allowed) {
    return new Connector(
        NioSocketChannel.class,
        UnpooledByteBufAllocator.DEFAULT,
        AddressResolver.system(),
        new AddressPolicy(allowed, List::of, address -> false),
        ProviderTls.system(),
        owner -> Runnable::run,
        owner -> Runnable::run);
  }

  public static EmbeddedProvider taking() {
    return new EmbeddedProvider(false);
  }

  public static EmbeddedProvider refusingWrites() {
    return new EmbeddedProvider(true);
  }

  public ProviderConnection connection() {
    return connection;
  }

  public String taken() {
    return taken.toString();
  }

  /** The provider sends these bytes. */
  public void answer(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  /** Whether the connection waits for another call. */
  public boolean isIdle() {
    return pool.idleCount() == 1;
  }

  /** What can still be read in the memory of the buffers that were written. */
  public String leftInBuffers() {
    StringBuilder left = new StringBuilder();
    for (ByteBuf buffer : buffers) {
      left.append(buffer.toString(0, buffer.capacity(), ISO_8859_1));
    }
    return left.toString();
  }

  @Override
  public void close() {
    buffers.forEach(ByteBuf::release);
    channel.close().syncUninterruptibly();
  }

  private final class Socket extends ChannelOutboundHandlerAdapter {
    private final boolean refusing;

    Socket(boolean refusing) {
      this.refusing = refusing;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ByteBuf bytes = (ByteBuf) message;
      if (refusing) {
        bytes.release();
        promise.setFailure(new IOException("broken pipe"));
        return;
      }
      taken.append(bytes.toString(ISO_8859_1));
      buffers.add(bytes);
      promise.setSuccess();
    }
  }

  /** Gives the connection back once the answer has ended. */
  record Releasing(ProviderConnection connection) implements ProviderListener {
    @Override
    public void answered(HttpResponse head) {}

    @Override
    public void content(ByteBuf content) {
      content.release();
    }

    @Override
    public void answerEnded() {
      connection.release();
    }

    @Override
    public void paused() {}

    @Override
    public void writable() {}

    @Override
    public void silent() {}

    @Override
    public void broken() {}

    @Override
    public void malformed() {}
  }
}
