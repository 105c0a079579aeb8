package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Asks on the event loop, as the pool does. The loop can't read or close its sockets meanwhile, so
 * only the kernel knows what has arrived.
 */
class PeerStateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PeerState peers = new PeerState();
  private final ServerSocket listener = listening();
  private final MultiThreadIoEventLoopGroup loops = loops();
  private Channel channel = new EmbeddedChannel();
  private Socket peer = new Socket();

  private static ServerSocket listening() {
    try {
      return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MultiThreadIoEventLoopGroup loops() {
    assumeTrue(Epoll.isAvailable());
    return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @BeforeEach
  void connect() throws IOException {
    channel =
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(listener.getLocalSocketAddress())
            .syncUninterruptibly()
            .channel();
    peer = listener.accept();
  }

  @AfterEach
  void close() throws IOException {
    channel.close().syncUninterruptibly();
    peer.close();
    listener.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void nothing_is_heard_of_who_waits_for_a_request() {
    onLoop(
        () -> {
          assertThat(peers.isSilent(channel)).isTrue();
          assertThat(peers.isSilent(channel)).isTrue();
        });
  }

  @Test
  void a_peer_that_closed_is_noticed() {
    onLoop(
        () -> {
          peer.close();
          eventually(() -> !peers.isSilent(channel));
        });
  }

  @Test
  void a_peer_that_went_away_without_a_word_is_noticed() {
    onLoop(
        () -> {
          peer.setSoLinger(true, 0);
          peer.close();
          eventually(() -> !peers.isSilent(channel));
        });
  }

  @Test
  void an_answer_that_nobody_asked_for_is_noticed() {
    onLoop(
        () -> {
          peer.getOutputStream().write('H');
          eventually(() -> !peers.isSilent(channel));
        });
  }

  @Test
  void a_socket_without_a_peer_is_not_silent() {
    Channel unconnected = new EpollSocketChannel();

    assertThat(peers.isSilent(unconnected)).isFalse();

    unconnected.unsafe().closeForcibly();
  }

  @Test
  void of_what_is_no_socket_nothing_is_known() {
    assertThat(peers.isSilent(new EmbeddedChannel())).isTrue();
  }

  private void onLoop(ThrowingRunnable steps) {
    channel
        .eventLoop()
        .submit(
            () -> {
              steps.run();
              return null;
            })
        .syncUninterruptibly();
  }

  private static void eventually(BooleanSupplier state) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!state.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private interface ThrowingRunnable {
    void run() throws IOException;
  }
}
