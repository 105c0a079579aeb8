package io.claviger.gateway.probe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.Rig;
import io.claviger.gateway.SelfSigned;
import io.claviger.gateway.TestService;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Where a check connects to, how long it takes at most, and how it ends. */
class ProbeReachTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(200);

  @Test
  void a_users_service_at_a_private_address_is_not_reached_unless_it_is_an_exception() {
    try (StubProvider stub = StubProvider.start()) {
      TestService lent = TestService.at(stub.baseUrl() + "/v1", WireFormat.OPENAI).ofUser();

      Probed refused = probed(OutboundSettings.strict(), lent, LIMIT);
      assertThat(refused.status()).isEqualTo(ConnectionStatus.UNREACHABLE);
      assertThat(refused.notAllowed()).isTrue();
      assertThat(stub.openConnections()).isZero();
      assertThat(
              probed(
                      OutboundSettings.strict()
                          .withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.1")),
                      lent,
                      LIMIT)
                  .status())
          .isEqualTo(ConnectionStatus.OK);
    }
  }

  @Test
  void clavigers_own_listeners_are_reached_by_nobody() {
    try (StubProvider stub = StubProvider.start()) {
      OutboundSettings own =
          OutboundSettings.strict()
              .withOwnListeners(
                  () ->
                      List.of(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), stub.port())));

      assertThat(probed(own, at(stub), LIMIT).status()).isEqualTo(ConnectionStatus.UNREACHABLE);
      assertThat(stub.requests()).isEmpty();
    }
  }

  @Test
  void a_key_does_not_go_to_a_public_address_in_clear_text() {
    OutboundSettings settings =
        OutboundSettings.strict()
            .withResolver(host -> List.of(InetAddress.getByAddress(new byte[] {8, 8, 8, 8})));

    assertThat(
            probed(settings, TestService.at("http://public.test", WireFormat.OPENAI), LIMIT)
                .status())
        .isEqualTo(ConnectionStatus.UNREACHABLE);
  }

  @Test
  void a_name_that_nobody_knows_is_unreachable() {
    OutboundSettings settings =
        OutboundSettings.strict()
            .withResolver(
                host -> {
                  throw new UnknownHostException(host);
                });
    Probed probed =
        probed(settings, TestService.at("https://nowhere.test", WireFormat.OPENAI), LIMIT);

    assertThat(probed.status()).isEqualTo(ConnectionStatus.UNREACHABLE);
    assertThat(probed.notAllowed()).isFalse();
    assertThat(probed.httpStatus()).isEmpty();
  }

  @Test
  void a_port_where_nobody_listens_is_unreachable() {
    StubProvider gone = StubProvider.start();
    gone.close();

    assertThat(probed(OutboundSettings.strict(), at(gone), LIMIT).status())
        .isEqualTo(ConnectionStatus.UNREACHABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"provider.test", "other.test"})
  void only_who_is_who_the_certificate_says_is_given_a_key(String host) throws Exception {
    SelfSigned certificate = SelfSigned.shared();
    try (StubProvider stub = StubProvider.start(StubOptions.defaults().tls(certificate.server()))) {
      OutboundSettings settings =
          OutboundSettings.strict()
              .withTrust(certificate.trustingClient())
              .withResolver(name -> List.of(InetAddress.getLoopbackAddress()));
      boolean itself = host.equals("provider.test");
      TestService lent =
          TestService.at("https://" + host + ":" + stub.port() + "/v1", WireFormat.OPENAI);

      assertThat(probed(settings, lent, LIMIT).status())
          .isEqualTo(itself ? ConnectionStatus.OK : ConnectionStatus.UNREACHABLE);
      assertThat(stub.requests()).hasSize(itself ? 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void who_takes_the_connection_and_says_nothing_is_left_at_the_limit(String scheme)
      throws Exception {
    try (ServerSocket hole = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      TestService lent =
          TestService.at(scheme + "://127.0.0.1:" + hole.getLocalPort(), WireFormat.OPENAI);
      Probed probed = probed(OutboundSettings.strict(), lent, SHORT);

      assertThat(probed.status()).isEqualTo(ConnectionStatus.TIMEOUT);
      assertThat(probed.httpStatus()).isEmpty();
      assertThat(probed.latency()).isBetween(SHORT, LIMIT);
      assertEnded(hole);
    }
  }

  /** The connection is closed, so reading ends. */
  private static void assertEnded(ServerSocket hole) throws Exception {
    hole.setSoTimeout((int) LIMIT.toMillis());
    try (Socket socket = hole.accept()) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      assertThat(socket.getInputStream().readAllBytes()).isNotNull();
    }
  }

  @Test
  void who_does_not_even_take_the_connection_is_left_at_the_limit() {
    // TEST-NET-1: nobody is there. Where the system knows no way it says so at once.
    OutboundSettings settings =
        OutboundSettings.strict()
            .withResolver(
                host -> List.of(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1})));

    assertThat(
            probed(settings, TestService.at("https://nobody.test", WireFormat.OPENAI), SHORT)
                .status())
        .isIn(ConnectionStatus.TIMEOUT, ConnectionStatus.UNREACHABLE);
  }

  @Test
  void a_name_server_that_takes_its_time_holds_up_nobody() {
    CountDownLatch answering = new CountDownLatch(1);
    OutboundSettings settings = OutboundSettings.strict().withResolver(host -> waits(answering));
    try (OutboundProbe probe = OutboundProbe.start(settings);
        AuthorizedCall authorized =
            TestService.at("https://slow.test", WireFormat.OPENAI).authorized("a/b")) {
      assertThat(probe.probe(authorized, SHORT).join().status())
          .isEqualTo(ConnectionStatus.TIMEOUT);
    } finally {
      answering.countDown();
    }
  }

  private static List<InetAddress> waits(CountDownLatch answering) {
    try {
      answering.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of(InetAddress.getLoopbackAddress());
  }

  @Test
  void a_hundred_at_once_come_to_their_ends_and_leave_no_connection() throws Exception {
    try (StubProvider stub = StubProvider.start();
        ServerSocket hole = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict())) {
      TestService good = at(stub);
      TestService silent =
          TestService.at("http://127.0.0.1:" + hole.getLocalPort(), WireFormat.OPENAI);
      List<CompletableFuture<Probed>> probes =
          Stream.iterate(0, n -> n + 1)
              .limit(100)
              .map(
                  n ->
                      n % 2 == 0
                          ? probe.probe(good.authorized("a/b"), LIMIT)
                          : probe.probe(silent.authorized("a/b"), SHORT))
              .toList();

      assertThat(probes.stream().map(p -> p.join().status()).distinct())
          .containsExactlyInAnyOrder(ConnectionStatus.OK, ConnectionStatus.TIMEOUT);
      Rig.await(() -> stub.openConnections() == 0); // until the stub has heard of it
      assertEnded(hole);
    }
  }

  @Test
  void who_waits_when_the_probe_is_closed_is_told() throws Exception {
    try (ServerSocket hole = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        AuthorizedCall authorized =
            TestService.at("http://127.0.0.1:" + hole.getLocalPort(), WireFormat.OPENAI)
                .authorized("a/b")) {
      OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict());
      CompletableFuture<Probed> waiting = probe.probe(authorized, LIMIT);
      probe.close();
      probe.close();

      assertThat(waiting.join().status()).isEqualTo(ConnectionStatus.UNREACHABLE);
      assertThat(probe.probe(authorized, LIMIT).join().status())
          .isEqualTo(ConnectionStatus.UNREACHABLE);
    }
  }

  @Test
  void an_authorized_call_that_was_closed_too_early_is_an_error_and_no_exception() {
    try (StubProvider stub = StubProvider.start();
        OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict())) {
      AuthorizedCall authorized = at(stub).authorized("a/b");
      authorized.close();

      assertThat(probe.probe(authorized, LIMIT).join().status()).isEqualTo(ConnectionStatus.ERROR);
    }
  }

  @Test
  void the_log_holds_no_key_whatever_happens() {
    Logger root = (Logger) LoggerFactory.getLogger("io.claviger");
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    Level before = root.getLevel();
    root.setLevel(Level.TRACE);
    root.addAppender(heard);
    try (StubProvider stub = StubProvider.start()) {
      probed(OutboundSettings.strict(), at(stub), LIMIT);
      probed(
          OutboundSettings.strict(),
          TestService.at("https://127.0.0.1:" + stub.port(), WireFormat.OPENAI),
          LIMIT);
    } finally {
      root.detachAppender(heard);
      root.setLevel(before);
    }

    assertThat(heard.list).isNotEmpty();
    assertThat(heard.list.stream().map(ILoggingEvent::getFormattedMessage))
        .noneMatch(line -> line.contains("Zx81"));
  }

  private static TestService at(StubProvider stub) {
    return TestService.at(stub.baseUrl() + "/v1", WireFormat.OPENAI);
  }

  private static Probed probed(OutboundSettings settings, TestService lent, Duration limit) {
    try (OutboundProbe probe = OutboundProbe.start(settings);
        AuthorizedCall authorized = lent.authorized("alice/my-openai")) {
      return probe.probe(authorized, limit).join();
    }
  }
}
