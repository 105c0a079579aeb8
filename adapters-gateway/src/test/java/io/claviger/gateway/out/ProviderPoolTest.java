package io.claviger.gateway.out;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.gateway.egress.AddressScope;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderPoolTest {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final ProviderPool pool = EmbeddedProvider.pool(new EmbeddedChannel().eventLoop());

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private void addIdle(ProviderAddress target) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    ProviderConnection connection = new ProviderConnection(channel, pool, target);
    channel.pipeline().addLast(connection);
    pool.add(target, connection);
  }

  private static ProviderAddress target(String host) {
    return new ProviderAddress(false, host, 80, new AddressScope(false, false));
  }

  private long open() {
    return channels.stream().filter(EmbeddedChannel::isActive).count();
  }

  @Test
  void addresses_that_differ_in_one_thing_share_no_connection() {
    List<ProviderAddress> addresses =
        List.of(
            new ProviderAddress(false, "host", 80, new AddressScope(false, false)),
            new ProviderAddress(true, "host", 80, new AddressScope(false, false)),
            new ProviderAddress(false, "other", 80, new AddressScope(false, false)),
            new ProviderAddress(false, "host", 81, new AddressScope(false, false)),
            new ProviderAddress(false, "host", 80, new AddressScope(true, false)),
            new ProviderAddress(false, "host", 80, new AddressScope(false, true)));

    assertThat(addresses).doesNotHaveDuplicates();
    assertThat(target("host")).isEqualTo(addresses.getFirst()).hasSameHashCodeAs(target("host"));
  }

  @Test
  void one_target_keeps_128_idle_connections_and_the_eldest_goes_first() {
    for (int i = 0; i < 130; i++) {
      addIdle(target("one"));
    }

    assertThat(pool.idleCount()).isEqualTo(128);
    assertThat(open()).isEqualTo(128);
    assertThat(channels.get(1).isActive()).isFalse();
    assertThat(channels.get(2).isActive()).isTrue();
  }

  @Test
  void all_targets_together_keep_512_idle_connections() {
    for (int i = 0; i < 600; i++) {
      addIdle(target("host-" + i));
    }

    assertThat(pool.idleCount()).isEqualTo(512);
    assertThat(open()).isEqualTo(512);
    assertThat(channels.get(0).isActive()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_connection_is_used_again_only_after_all_of_the_request_was_sent(boolean sent) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    ProviderConnection connection = new ProviderConnection(channel, pool, target("one"));
    channel.pipeline().addLast(new FullSocket(sent), new ProviderDecoder(), connection);
    connection.begin(new EmbeddedProvider.Releasing(connection), 1_000);
    connection.write(Unpooled.copiedBuffer("POST / HTTP/1.1\r\n\r\n", US_ASCII));
    connection.requestComplete();

    channel.writeInbound(
        Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", US_ASCII));

    assertThat(pool.idleCount()).isEqualTo(sent ? 1 : 0);
    assertThat(channel.isActive()).isEqualTo(sent);
  }

  /** The provider could read the rest of the request as the beginning of the next request. */
  @Test
  void a_connection_is_not_used_again_if_its_answer_began_before_the_request_ended() {
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      provider.connection().write(Unpooled.copiedBuffer("POST / HTTP/1.1\r\n", US_ASCII));
      provider.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
      provider.connection().write(Unpooled.copiedBuffer("\r\n", US_ASCII));
      provider.connection().requestComplete();
      provider.answer("k");

      assertThat(provider.isIdle()).isFalse();
    }
  }

  /** The listener is told of the end in a task, which may come after the end of the connection. */
  @Test
  void an_answer_is_complete_although_its_connection_ends_in_the_same_turn() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    ProviderConnection connection = new ProviderConnection(channel, pool, target("one"));
    List<String> told = new ArrayList<>();
    ChannelInboundHandlerAdapter hangUp =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.fireChannelReadComplete();
            told.add("closes");
            ctx.close();
          }
        };
    channel.pipeline().addLast(hangUp, new ProviderDecoder(), connection);
    connection.begin(new Telling(told), 1_000);
    connection.requestComplete();

    channel.writeInbound(Unpooled.copiedBuffer(ANSWER, US_ASCII));

    assertThat(told).containsExactly("answered", "content", "closes", "ended", "broken");
  }

  /** TLS closes a connection only after it has sent everything. */
  @Test
  void a_connection_that_closes_slowly_is_not_used_again() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    ProviderConnection connection = new ProviderConnection(channel, pool, target("one"));
    channel.pipeline().addLast(new StillOpen(), new ProviderDecoder(), connection);
    connection.begin(new EmbeddedProvider.Releasing(connection), 1_000);
    connection.requestComplete();

    channel.writeInbound(
        Unpooled.copiedBuffer(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", US_ASCII));

    assertThat(pool.idleCount()).isZero();
    channel.pipeline().remove(StillOpen.class);
  }

  /** Some servers send a body although the status permits none, and the body may come late. */
  @ParameterizedTest
  @CsvSource({
    "204 No Content, Date: now, true",
    "204 No Content, Content-Length: 0, true",
    "204 No Content, Content-Length: 4, false",
    "204 No Content, Transfer-Encoding: chunked, false",
    "304 Not Modified, Content-Length: 4, false"
  })
  void a_connection_is_not_used_again_if_a_body_is_announced_where_none_may_be(
      String status, String header, boolean again) {
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      provider.connection().requestComplete();
      provider.answer("HTTP/1.1 " + status + "\r\n" + header + "\r\n\r\n");

      assertThat(provider.isIdle()).isEqualTo(again);
    }
  }

  /** The body of an interim answer may come after the final answer. */
  @ParameterizedTest
  @CsvSource({
    "Link: </a>, true",
    "Content-Length: 0, true",
    "Content-Length: 4, false",
    "Transfer-Encoding: chunked, false"
  })
  void a_connection_is_not_used_again_after_an_interim_answer_that_announces_a_body(
      String header, boolean again) {
    try (EmbeddedProvider provider = EmbeddedProvider.taking()) {
      provider.connection().requestComplete();
      provider.answer("HTTP/1.1 103 Early Hints\r\n" + header + "\r\n\r\n");
      provider.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

      assertThat(provider.isIdle()).isEqualTo(again);
    }
  }

  @Test
  void what_is_connected_to_after_the_end_is_closed_at_once() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProviderAddress there =
          new ProviderAddress(
              false, "127.0.0.1", server.getLocalPort(), new AddressScope(false, false));
      Connector connector = EmbeddedProvider.connector(AllowedPrivateHosts.of("127.0.0.1"));
      CompletableFuture<Boolean> connected = new CompletableFuture<>();
      connector.close();
      PendingConnection unused =
          connector.connect(
              there,
              new User.Id(new UUID(0, 1)),
              1_000,
              new ProviderPool(loops.next(), connector),
              new Connected(connected));

      assertThat(connected.get(10, TimeUnit.SECONDS)).isFalse();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private record Telling(List<String> told) implements ProviderListener {
    @Override
    public void answered(HttpResponse head) {
      told.add("answered");
    }

    @Override
    public void content(ByteBuf content) {
      content.release();
      told.add("content");
    }

    @Override
    public void answerEnded() {
      told.add("ended");
    }

    @Override
    public void silent() {}

    @Override
    public void broken() {
      told.add("broken");
    }

    @Override
    public void malformed() {}
  }

  private record Connected(CompletableFuture<Boolean> told)
      implements Continuation<ProviderConnection> {
    @Override
    public void done(ProviderConnection outcome) {
      told.complete(true);
    }

    @Override
    public void refused(CallError why) {
      told.complete(false);
    }

    @Override
    public void failed(Throwable why) {
      told.completeExceptionally(why);
    }
  }

  /** Takes what is written at once, or not until the test is over. */
  private static final class FullSocket extends ChannelOutboundHandlerAdapter {
    private final boolean takes;

    FullSocket(boolean takes) {
      this.takes = takes;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ((ByteBuf) message).release();
      if (takes) {
        promise.setSuccess();
      }
    }
  }

  /** Stays open when it is to be closed. */
  private static final class StillOpen extends ChannelOutboundHandlerAdapter {
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {}
  }
}
