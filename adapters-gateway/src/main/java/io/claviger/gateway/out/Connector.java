package io.claviger.gateway.out;

import io.claviger.application.shared.LogRate;
import io.claviger.domain.accounts.User;
import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.LoopTurn;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections: resolves the host's name, checks all addresses of the host, and connects only
 * to permitted addresses. Resolution and checks run on an executor; everything else runs on the
 * event loop of the call. The time limit for connecting includes the name resolution. A slow name
 * resolution can't be interrupted, but its late result is ignored.
 */
@SuppressWarnings("FutureReturnValueIgnored") // listeners report all failures
final class Connector {
  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
  private static final int MOST_ADDRESSES = 4;
  private static final int LONGEST_CONNECT_MILLIS = 10_000;

  /**
   * The open connections. If a connection is added after this group was closed, the group closes
   * the connection immediately.
   */
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private final Class<? extends Channel> channelType;
  private final ByteBufAllocator buffers;
  private final ByteBufAllocator buffersForTls;
  private final AddressResolver resolver;
  private final AddressPolicy policy;
  private final ProviderTls tls;
  private final Function<User.Id, Executor> lookUps;
  private final Function<User.Id, Executor> handshakes;
  private final LogRate noTls = new LogRate();

  /**
   * @param lookUps a function that returns, for an owner of services, the executor that resolves
   *     host names; each owner has separate limits
   * @param handshakes a function that returns, for an owner of services, the executor of TLS
   *     handshakes; each owner has separate limits
   */
  Connector(
      Class<? extends Channel> channelType,
      ByteBufAllocator buffers,
      AddressResolver resolver,
      AddressPolicy policy,
      ProviderTls tls,
      Function<User.Id, Executor> lookUps,
      Function<User.Id, Executor> handshakes) {
    this.channelType = channelType;
    this.buffers = buffers;
    this.buffersForTls = new WipedBuffers(buffers);
    this.resolver = resolver;
    this.policy = policy;
    this.tls = tls;
    this.lookUps = lookUps;
    this.handshakes = handshakes;
  }

  /**
   * Closes all connections, which ends the calls on them. When an event loop stops, it closes only
   * the connections that are idle at that moment.
   */
  void close() {
    connections.close().awaitUninterruptibly();
  }

  PendingConnection connect(
      ProviderAddress target,
      User.Id owner,
      int timeoutMillis,
      ProviderPool pool,
      Continuation<ProviderConnection> waiter) {
    EventLoop loop = pool.loop();
    ConnectAttempt attempt =
        new ConnectAttempt(
            target, owner, Math.min(timeoutMillis, LONGEST_CONNECT_MILLIS), pool, waiter);
    attempt.begin(loop);
    return attempt;
  }

  private void lookUp(ConnectAttempt attempt, EventLoop loop) {
    ProviderAddress target = attempt.target;
    if (attempt.abandoned) {
      return;
    }
    List<InetAddress> found;
    try {
      found = resolver.resolve(target.bareHost());
    } catch (UnknownHostException | RuntimeException e) {
      back(attempt, loop, () -> attempt.refuse(CallError.PROVIDER_UNREACHABLE));
      return;
    }
    List<InetAddress> permitted =
        found.stream()
            .filter(a -> policy.permits(target.bareHost(), a, target.port(), target.reach()))
            .limit(MOST_ADDRESSES)
            .toList();
    if (permitted.isEmpty()) {
      back(attempt, loop, () -> attempt.refuse(CallError.DESTINATION_NOT_ALLOWED));
    } else {
      back(attempt, loop, () -> attempt.next(permitted.iterator(), loop));
    }
  }

  private static void back(ConnectAttempt attempt, EventLoop loop, Runnable step) {
    try {
      loop.execute(attempt.guarded(step));
    } catch (RejectedExecutionException e) {
      // The event loop has ended, so nobody waits any more.
    }
  }

  /** Tries the permitted addresses one after the other until a connection is accepted. */
  private final class ConnectAttempt implements PendingConnection {
    private final ProviderAddress target;
    private final User.Id owner;
    private final int timeoutMillis;
    private final ProviderPool pool;
    private final Continuation<ProviderConnection> waiter;
    private @Nullable Channel opening;
    private @Nullable Future<?> deadline;

    /**
     * Whether nobody waits for the connection any longer. Also read by the thread that resolves the
     * host.
     */
    private volatile boolean abandoned;

    ConnectAttempt(
        ProviderAddress target,
        User.Id owner,
        int timeoutMillis,
        ProviderPool pool,
        Continuation<ProviderConnection> waiter) {
      this.target = target;
      this.owner = owner;
      this.timeoutMillis = timeoutMillis;
      this.pool = pool;
      this.waiter = waiter;
    }

    void begin(EventLoop loop) {
      deadline =
          loop.schedule(GuardedTask.logged(this::late), timeoutMillis, TimeUnit.MILLISECONDS);
      try {
        Executor blocking = lookUps.apply(owner);
        blocking.execute(
            GuardedTask.of(
                () -> lookUp(this, loop),
                failure -> back(this, loop, () -> refuse(CallError.INTERNAL))));
      } catch (RejectedExecutionException e) {
        refuse(CallError.TOO_MANY_LOOK_UPS);
      } catch (Throwable e) {
        abandon(); // for example, no thread could be started
        throw e;
      }
    }

    /**
     * Wraps a step on the event loop. If the step throws an exception, the waiter for the
     * connection receives a refusal.
     */
    Runnable guarded(Runnable step) {
      return GuardedTask.of(
          step,
          failure -> {
            refuse(CallError.INTERNAL);
            abandon();
          });
    }

    /** Called if the time limit expires before the name has been resolved. */
    private void late() {
      refuse(CallError.PROVIDER_UNREACHABLE);
      abandoned = true;
    }

    private void lookedUp() {
      if (deadline != null) {
        deadline.cancel(false);
        deadline = null;
      }
    }

    @Override
    public void abandon() {
      lookedUp();
      abandoned = true;
      if (opening != null) {
        opening.close();
      }
    }

    void refuse(CallError why) {
      lookedUp();
      if (!abandoned) {
        waiter.refused(why);
      }
    }

    void next(Iterator<InetAddress> rest, EventLoop loop) {
      lookedUp();
      if (abandoned) {
        return;
      }
      ChannelFuture connecting =
          new Bootstrap()
              .group(loop)
              .channel(channelType)
              .option(ChannelOption.ALLOCATOR, target.tls() ? buffersForTls : buffers)
              // Each cycle of the event loop reads a connection only once. So other calls wait only
              // until one buffer of a long answer has been searched.
              .option(
                  ChannelOption.RECVBUF_ALLOCATOR,
                  new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
              .option(ChannelOption.TCP_NODELAY, true)
              .option(ChannelOption.SO_KEEPALIVE, true)
              // A provider that refuses the rest of a body has often answered already, and its
              // answer has to be read.
              .option(ChannelOption.AUTO_CLOSE, false)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
              .disableResolver() // the address is resolved and permitted already
              .handler(pipeline())
              .connect(new InetSocketAddress(rest.next(), target.port()));
      opening = connecting.channel();
      connections.add(connecting.channel());
      connecting.addListener(
          done ->
              guarded(
                      () -> {
                        if (done.isSuccess()) {
                          established(connecting.channel(), rest, loop);
                        } else {
                          failed(rest, loop);
                        }
                      })
                  .run());
    }

    private ChannelHandler pipeline() {
      return new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
          channel.pipeline().addLast(LoopTurn.flushingAtEnd());
          if (target.tls()) {
            channel
                .pipeline()
                .addLast(
                    tls.handler(channel.alloc(), target, timeoutMillis, handshakes.apply(owner)));
          }
          channel.pipeline().addLast(new ProviderDecoder());
          channel.pipeline().addLast(new ProviderConnection(channel, pool, target));
        }
      };
    }

    private void established(Channel channel, Iterator<InetAddress> rest, EventLoop loop) {
      if (!target.tls()) {
        ready(channel);
        return;
      }
      channel
          .pipeline()
          .get(SslHandler.class)
          .handshakeFuture()
          .addListener(
              done ->
                  guarded(
                          () -> {
                            if (done.isSuccess()) {
                              ready(channel);
                            } else {
                              noTls(channel, done.cause());
                              failed(rest, loop);
                            }
                          })
                      .run());
    }

    private void noTls(Channel channel, Throwable why) {
      if (!abandoned && noTls.allows()) {
        LOG.info("no TLS with {}: {}", target.host(), why.getMessage());
      }
      channel.close();
    }

    private void ready(Channel channel) {
      if (abandoned) {
        channel.close();
      } else {
        opening = null;
        waiter.done(channel.pipeline().get(ProviderConnection.class));
      }
    }

    private void failed(Iterator<InetAddress> rest, EventLoop loop) {
      if (rest.hasNext()) {
        next(rest, loop);
      } else {
        refuse(CallError.PROVIDER_UNREACHABLE);
      }
    }
  }

  /**
   * Allocates buffers for TLS connections. Unencrypted bytes, which include keys, are in heap
   * arrays. Each array serves only one buffer and is erased on release. Direct buffers come from
   * the given allocator.
   */
  private static final class WipedBuffers extends AbstractByteBufAllocator {
    private final ByteBufAllocator direct;

    WipedBuffers(ByteBufAllocator direct) {
      super(true);
      this.direct = direct;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return new Wiped(this, initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return direct.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return direct.isDirectBufferPooled();
    }

    private static final class Wiped extends UnpooledHeapByteBuf {
      Wiped(ByteBufAllocator buffers, int initialCapacity, int maxCapacity) {
        super(buffers, initialCapacity, maxCapacity);
      }

      /** Wipes the array. Also called for the smaller array when a buffer grows. */
      @Override
      protected void freeArray(byte[] array) {
        Arrays.fill(array, (byte) 0);
      }
    }
  }
}
