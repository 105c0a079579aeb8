package io.claviger.gateway.in;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.shared.LogRate;
import io.claviger.testkit.SettableNanos;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A connection whose call fails in an unexpected way. */
class CallerConnectionTest {
  private static final String HEAD = "POST /x HTTP/1.1\r\nContent-Length: 4\r\n\r\n";
  private static final String LARGE = "POST /x HTTP/1.1\r\nContent-Length: 40000\r\n\r\n";

  private final List<Throwable> told = new ArrayList<>();
  private final SettableNanos nanos = new SettableNanos(-5);
  private final OpenConnections connections =
      new OpenConnections(ConnectionLimits.standard(), 1, nanos);
  private final EmbeddedChannel channel = new EmbeddedChannel();

  /** The number of bytes that the call still waits for. */
  private long missing;

  /** The caller of the calls that begin next. */
  private @Nullable UUID countedAs;

  @Test
  void a_call_that_fails_at_its_start_is_told_and_is_the_last_on_its_connection() {
    connect(true, false);
    channel.writeInbound(Unpooled.copiedBuffer(HEAD, US_ASCII));

    assertThat(told).singleElement().isInstanceOf(StackOverflowError.class);
    assertThat(connections.takeLongestIdle()).isNotEmpty(); // it only waits for its end
    channel.writeInbound(Unpooled.copiedBuffer(HEAD, US_ASCII));
    assertThat(told).hasSize(1);
  }

  @Test
  void a_call_that_fails_at_its_body_is_told() {
    connect(false, true);
    channel.writeInbound(Unpooled.copiedBuffer(HEAD + "body", US_ASCII));

    assertThat(told).singleElement().isInstanceOf(StackOverflowError.class);
  }

  /** So that the heads of all ready calls are decoded before the first of these calls begins. */
  @Test
  void a_call_begins_and_gets_its_body_in_tasks_of_their_own() {
    connect(true, false);
    List<Integer> toldBefore = new ArrayList<>();
    List<Boolean> readsBefore = new ArrayList<>();
    afterReading(
        () -> {
          toldBefore.add(told.size());
          readsBefore.add(channel.config().isAutoRead());
        });
    channel.writeInbound(Unpooled.copiedBuffer(HEAD + "body", US_ASCII));

    assertThat(toldBefore).containsExactly(0);
    assertThat(readsBefore).containsExactly(true);
    assertThat(told).hasSize(1);
  }

  @Test
  void a_closed_connection_is_neither_open_nor_idle() {
    connect(false, false);
    channel.writeInbound(Unpooled.copiedBuffer(HEAD, US_ASCII));
    channel.close();

    connections.forEachCall(call -> told.add(new IllegalStateException("still there")));
    assertThat(told).isEmpty();
    assertThat(connections.takeLongestIdle()).isEmpty();
  }

  /** So that a connection never holds more than a usual read of the requests that follow. */
  @Test
  void a_large_read_ends_with_the_body() {
    connect(false, false);
    missing = 40_000;
    channel.writeInbound(Unpooled.copiedBuffer(LARGE + "x".repeat(10_000), US_ASCII));
    assertThat(sizeOfRead()).isEqualTo(30_000);

    List<Integer> sizes = new ArrayList<>();
    afterReading(() -> sizes.add(sizeOfRead()));
    channel.writeInbound(Unpooled.copiedBuffer("x".repeat(10_000), US_ASCII));
    assertThat(sizes).containsExactly(CallerReadsTest.USUAL_MOST); // the part is still waiting
    assertThat(sizeOfRead()).isEqualTo(20_000);

    channel.writeInbound(Unpooled.copiedBuffer("x".repeat(20_000) + HEAD + "body", US_ASCII));
    assertThat(missing).isZero();
    assertThat(sizeOfRead()).isEqualTo(CallerReadsTest.USUAL_MOST);
  }

  @Test
  void a_connection_with_tls_makes_no_large_reads() throws NoSuchAlgorithmException {
    SSLEngine server = SSLContext.getDefault().createSSLEngine();
    server.setUseClientMode(false);
    SslHandler tls = new SslHandler(server);
    channel.pipeline().addLast(tls);
    connect(false, false);
    channel.pipeline().remove(tls); // so that the test need not encrypt anything
    missing = 40_000;
    channel.writeInbound(Unpooled.copiedBuffer(LARGE + "x".repeat(10_000), US_ASCII));

    assertThat(missing).isEqualTo(30_000);
    assertThat(sizeOfRead()).isEqualTo(CallerReadsTest.USUAL_MOST);
  }

  /** Otherwise, a caller with many short calls, one after the other, would be refused. */
  @Test
  void a_call_that_has_ended_counts_for_less_than_5ms_more_on_a_crowded_node() {
    OpenConnections few =
        new OpenConnections(ConnectionLimits.standard().withMost(24, 24), 1, nanos);
    UUID ending = new UUID(0, 1);
    UUID staying = new UUID(0, 2);
    List<EmbeddedChannel> ended = callsOf(ending, 9, few);
    List<EmbeddedChannel> open = callsOf(staying, 18, few);
    assertThat(few.isCrowded(ending)).isTrue();

    ended.forEach(EmbeddedChannel::close);
    nanos.advance(Duration.ofMillis(5));

    assertThat(few.isCrowded(ending)).isFalse();
    assertThat(few.isCrowded(staying)).isTrue();
    open.forEach(EmbeddedChannel::close);
    assertThat(few.isCrowded(staying)).isFalse();
  }

  private List<EmbeddedChannel> callsOf(UUID caller, int many, OpenConnections among) {
    countedAs = caller;
    List<EmbeddedChannel> channels = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      EmbeddedChannel one = new EmbeddedChannel();
      connect(one, among, false, false);
      one.writeInbound(Unpooled.copiedBuffer(HEAD, US_ASCII));
      channels.add(one);
    }
    return channels;
  }

  private int sizeOfRead() {
    return CallerReadsTest.busy(channel.config().getRecvByteBufAllocator()).guess();
  }

  /** Does something after bytes were read, and before the tasks that were created meanwhile. */
  private void afterReading(Runnable something) {
    channel
        .pipeline()
        .addFirst(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelReadComplete(ChannelHandlerContext ctx) {
                ctx.fireChannelReadComplete();
                something.run();
              }
            });
  }

  private void connect(boolean failsAtStart, boolean failsAtBody) {
    connect(channel, connections, failsAtStart, failsAtBody);
  }

  private void connect(
      EmbeddedChannel channel,
      OpenConnections connections,
      boolean failsAtStart,
      boolean failsAtBody) {
    CallerContext context =
        new CallerContext(
            (caller, request) -> new FailingCall(caller, failsAtStart, failsAtBody),
            connections,
            call -> {},
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Optional.empty(),
            new AtomicBoolean(),
            new LogRate(),
            new LargeReads());
    ConnectionQuota.ConnectionPermit permit =
        new ConnectionQuota(ConnectionLimits.standard(), 1 << 20)
            .take(InetAddress.getLoopbackAddress())
            .orElseThrow();
    new CallerConnection(channel, context, permit).addTo(channel.pipeline());
    channel.pipeline().fireChannelActive();
  }

  private final class FailingCall implements IncomingCall {
    @Override
    public @Nullable UUID countedAs() {
      return counted;
    }

    @Override
    public void gatewayLeaves() {}

    @Override
    public void gatewayStops() {}

    private final @Nullable UUID counted = countedAs;
    private final CallerConnection caller;
    private final boolean failsAtStart;
    private final boolean failsAtBody;

    FailingCall(CallerConnection caller, boolean failsAtStart, boolean failsAtBody) {
      this.caller = caller;
      this.failsAtStart = failsAtStart;
      this.failsAtBody = failsAtBody;
    }

    @Override
    public void start() {
      if (failsAtStart) {
        throw new StackOverflowError("odd");
      }
    }

    @Override
    public boolean takesBody() {
      return true;
    }

    @Override
    public long accepted() {
      return missing;
    }

    @Override
    public void body(HttpContent part) {
      missing -= part.content().readableBytes();
      part.release();
      if (failsAtBody) {
        throw new StackOverflowError("odd");
      }
    }

    @Override
    public void broken(Throwable why) {
      told.add(why);
      caller.finished(true);
    }

    @Override
    public void flushBody() {}

    @Override
    public void callerWritable() {}

    @Override
    public void callerGone() {}

    @Override
    public void callerStalled() {}

    @Override
    public boolean isBodyLate(long now) {
      return false;
    }

    @Override
    public @Nullable CallRequest request() {
      return null;
    }

    @Override
    public AuthorizedCall.@Nullable AuthorizationBasis basis() {
      return null;
    }

    @Override
    public void revoked(CallRefusal why) {}
  }
}
