package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.gateway.in.CallerTls;
import io.claviger.gateway.testcalls.OwnGateway;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Calls over TLS that the gateway itself speaks. */
class CallerTlsTest {
  private static SelfSigned certificate;
  private static SSLContext context;

  @BeforeAll
  static void prepare() throws Exception {
    certificate = SelfSigned.shared();
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(certificate.keys());
    context = SSLContext.getInstance("TLS");
    context.init(certificate.keyManagers().getKeyManagers(), trust.getTrustManagers(), null);
  }

  private static Supplier<SSLEngine> engines(boolean mutual) {
    return () -> {
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(false);
      engine.setNeedClientAuth(mutual);
      return engine;
    };
  }

  private static Rig rig(boolean mutual) {
    return new Rig(settings -> settings.withTls(Optional.of(engines(mutual))));
  }

  private static HttpRequest call(Rig rig, String body) {
    return HttpRequest.newBuilder(
            URI.create(rig.url("chat/completions").replace("http://", "https://")))
        .header("Authorization", "Bearer " + Rig.TOKEN)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Test
  void calls_and_streams_pass_over_tls_and_connections_are_kept() throws Exception {
    try (Rig rig = rig(false);
        HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      for (int n = 0; n < 3; n++) {
        HttpResponse<String> answer =
            http.send(
                call(
                    rig, "{\"model\": \"parrot-large\", \"messages\": [%s]}".formatted(message(n))),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("choices");
      }
      HttpResponse<InputStream> stream =
          http.send(
              call(
                  rig,
                  "{\"model\": \"parrot-large\", \"stream\": true, \"messages\": [%s]}"
                      .formatted(message(1))),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(new String(stream.body().readAllBytes())).endsWith("data: [DONE]\n\n");
      assertThat(rig.authorizer.calls().getFirst().from().certificate()).isEmpty();
    }
  }

  /**
   * Without the notice, a caller can't distinguish the end of an answer from an attack that cuts
   * the answer off (RFC 9112, 9.8).
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void an_answer_that_ends_its_connection_ends_with_a_notice_of_tls(String version)
      throws Exception {
    try (Rig rig = rig(false)) {
      String call =
          RawCaller.head("POST", "chat/completions")
              + "Connection: close\r\n"
              + RawCaller.content("application/json", "{\"model\": \"m\", \"messages\": []}");

      assertThat(isEndNotified(rig, version, call, () -> {})).isTrue();
    }
  }

  /** With a notice of TLS, a part of the answer would look like the whole answer. */
  @Test
  void an_answer_without_a_length_that_is_broken_off_ends_without_a_notice_of_tls()
      throws Exception {
    try (Rig rig = rig(false)) {
      String call =
          RawCaller.head("POST", "chat/completions").replace("HTTP/1.1", "HTTP/1.0")
              + RawCaller.content("application/json", Rig.chat("stub-chunk-delay-20-count-100000"));

      assertThat(isEndNotified(rig, "TLSv1.3", call, rig.gateway::close)).isFalse();
    }
  }

  /** Whether the connection of a call ends with a notice of TLS that it ends. */
  private static boolean isEndNotified(Rig rig, String version, String call, Runnable onceAnswered)
      throws Exception {
    InetSocketAddress to = rig.gateway.address();
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {version});
    SslHandler tls = new SslHandler(engine);
    CountDownLatch answered = new CountDownLatch(1);
    try (EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
      Channel caller =
          new Bootstrap()
              .group(loops)
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(tls, new Answered(answered));
                    }
                  })
              .connect(to)
              .sync()
              .channel();
      caller.writeAndFlush(Unpooled.copiedBuffer(call, UTF_8)).sync();
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      onceAnswered.run();
      assertThat(tls.sslCloseFuture().await(20, TimeUnit.SECONDS)).isTrue();
      return tls.sslCloseFuture().isSuccess();
    }
  }

  private static final class Answered extends SimpleChannelInboundHandler<ByteBuf> {
    private final CountDownLatch answered;

    Answered(CountDownLatch answered) {
      this.answered = answered;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf part) {
      answered.countDown();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
      ctx.close();
    }
  }

  /** Bodies that do not fit into one record. */
  private static String message(int n) {
    return "{\"role\": \"user\", \"content\": \"%s\"}".formatted("x".repeat(1 + n * 40_000));
  }

  @Test
  void the_certificate_that_a_caller_has_shown_is_known() throws Exception {
    try (Rig rig = rig(true);
        HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      HttpResponse<String> answer =
          http.send(
              call(rig, "{\"model\": \"parrot-large\", \"messages\": [%s]}".formatted(message(0))),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(rig.authorizer.calls().getFirst().from().certificate())
          .contains(
              CertificateThumbprint.of(certificate.keys().getCertificate("stub").getEncoded()));
    }
  }

  @Test
  void the_program_itself_calls_without_tls_and_nobody_else_does() throws Exception {
    try (Rig rig = rig(true);
        HttpClient http = HttpClient.newHttpClient()) {
      rig.lend(WireFormat.OPENAI);
      OwnGateway.Door door = rig.gateway.inside();
      URI inside =
          URI.create(
              "http://127.0.0.1:%d%s"
                  .formatted(door.address().getPort(), Rig.path("chat/completions")));
      HttpRequest.Builder call =
          HttpRequest.newBuilder(call(rig, "{}"), (name, value) -> true).uri(inside);

      assertThat(http.send(call.build(), HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(400);
      call.header(OwnGateway.SECRET, "guess");
      assertThat(http.send(call.build(), HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(400);
      assertThat(rig.authorizer.calls()).isEmpty();
      call.setHeader(OwnGateway.SECRET, door.secret());
      assertThat(http.send(call.build(), HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      assertThat(rig.stub.requests().getFirst().headers(OwnGateway.SECRET.toLowerCase())).isEmpty();
    }
  }

  @Test
  void plain_http_is_closed_with_a_sentence_in_the_log_that_shows_nothing_of_the_request() {
    List<ILoggingEvent> heard =
        loggedWhile(
            rig -> {
              try (RawCaller caller = new RawCaller(rig)) {
                caller.send("GET / HTTP/1.1\r\nAuthorization: Bearer " + Rig.TOKEN + "\r\n\r\n");
                assertThat(caller.untilClosed()).isIn("", "<reset>");
              }
            });

    assertThat(heard)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement(STRING)
        .contains("plain HTTP", "https://");
    assertThat(heard)
        .allSatisfy(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.WARN);
              assertThat(event.getThrowableProxy()).isNull();
            });
  }

  @Test
  void very_many_connections_of_plain_http_log_one_line_a_second() {
    long began = System.nanoTime();
    List<ILoggingEvent> heard =
        loggedWhile(
            rig -> {
              for (int n = 0; n < 30; n++) {
                try (RawCaller caller = new RawCaller(rig)) {
                  String unused = caller.send("GET / HTTP/1.1\r\n\r\n").untilClosed();
                }
              }
            });

    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertThat(heard).hasSizeBetween(1, (int) seconds + 1);
  }

  @Test
  void a_caller_who_ends_the_handshake_is_no_fault_of_the_gateway() {
    List<ILoggingEvent> heard =
        loggedWhile(
            rig -> {
              String unknownAuthority = "\u0015\u0003\u0003\0\u0002\u0002\u0030";
              try (RawCaller caller = new RawCaller(rig)) {
                String unused = caller.send(unknownAuthority).untilClosed();
              }
            });

    assertThat(heard).isEmpty();
  }

  /** Returns what connections of callers logged, until all of them were closed. */
  private static List<ILoggingEvent> loggedWhile(Consumer<Rig> calling) {
    Logger logger = (Logger) LoggerFactory.getLogger(CallerConnection.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try (Rig rig = rig(false)) {
      calling.accept(rig);
      rig.events.await(() -> rig.events.openConnections() == 0);
    } finally {
      logger.detachAppender(heard);
    }
    return List.copyOf(heard.list);
  }

  @Test
  void a_handshake_that_does_not_end_closes_its_connection() {
    try (CallerTls tls = new CallerTls(engines(false))) {
      EmbeddedChannel silent = new EmbeddedChannel();
      silent.freezeTime();
      assertThat(tls.addTo(silent)).isTrue();

      silent.advanceTimeBy(CallerTls.LONGEST_MILLIS - 1, TimeUnit.MILLISECONDS);
      silent.runScheduledPendingTasks();
      assertThat(silent.isOpen()).isTrue();
      silent.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      silent.runScheduledPendingTasks();
      silent.runPendingTasks();
      assertThat(silent.isOpen()).isFalse();
    }
  }

  @Test
  void connections_without_tls_because_of_a_fault_do_not_count_as_handshakes() {
    AtomicInteger asked = new AtomicInteger();
    Supplier<SSLEngine> failing =
        () -> {
          if (asked.incrementAndGet() <= CallerTls.MOST) {
            throw new IllegalStateException("odd");
          }
          return engines(false).get();
        };
    try (CallerTls tls = new CallerTls(failing)) {
      for (int n = 0; n < CallerTls.MOST; n++) {
        assertThatIllegalStateException().isThrownBy(() -> tls.addTo(new EmbeddedChannel()));
      }
      assertThat(tls.addTo(new EmbeddedChannel())).isTrue();
    }
  }

  @Test
  void the_number_of_handshakes_is_bounded() {
    try (CallerTls tls = new CallerTls(engines(false))) {
      List<EmbeddedChannel> all = new ArrayList<>();
      for (int n = 0; n < CallerTls.MOST; n++) {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(tls.addTo(channel)).isTrue();
        all.add(channel);
      }
      assertThat(tls.addTo(new EmbeddedChannel())).isFalse();

      all.getFirst().close();
      all.getFirst().runPendingTasks();
      assertThat(tls.addTo(new EmbeddedChannel())).isTrue();
      all.forEach(EmbeddedChannel::finishAndReleaseAll);
    }
  }
}
