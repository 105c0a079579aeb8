package io.claviger.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.gateway.SelfSigned;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.webhooks.WebhookRequest.WebhookSignature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where messages are posted to, and how an attempt ends. */
final class OutboundWebhooksTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final WebhookMessage MESSAGE =
      new WebhookMessage.ThresholdReached(
          new UUID(1, 2),
          BudgetHolder.callerOf(new UUID(3, 4), new UUID(5, 6)),
          new Budget.Key(BudgetUnit.USD, BudgetWindow.MONTH, BudgetZone.UTC),
          80,
          25_000_000_000L,
          20_000_000_001L,
          Instant.parse("2026-03-01T00:00:00Z"),
          Optional.of(Instant.parse("2026-04-01T00:00:00Z")),
          Instant.parse("2026-03-11T10:00:00.5Z"));
  private static final HolderNames NAMES =
      new HolderNames(
          Optional.of(new Instance.Ref(new Handle("alice"), new Handle("my-openai"))),
          Optional.empty(),
          Optional.empty(),
          Optional.of(new Handle("bob")),
          Optional.empty());

  private static SelfSigned certificate;

  @BeforeAll
  static void certify() throws Exception {
    certificate = SelfSigned.shared();
  }

  private static OutboundSettings trusting() throws Exception {
    return OutboundSettings.strict().withTrust(certificate.trustingClient());
  }

  private static OutboundSettings reaching() throws Exception {
    return trusting().withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.1"));
  }

  private static Optional<DeliveryFailure> posted(
      OutboundSettings settings, String url, Duration limit) {
    try (OutboundWebhooks sender = OutboundWebhooks.start(settings)) {
      return post(sender, url, limit).join();
    }
  }

  private static CompletableFuture<Optional<DeliveryFailure>> post(
      OutboundWebhooks sender, String url, Duration limit) {
    return post(sender, url, MESSAGE, limit);
  }

  private static CompletableFuture<Optional<DeliveryFailure>> post(
      OutboundWebhooks sender, String url, WebhookMessage message, Duration limit) {
    try (Secret secret = Secret.takingOver(KEY.clone())) {
      return sender.post(
          new Posting(
              new User.Id(new UUID(7, 8)),
              WebhookUrl.of(url),
              WebhookFormat.PLAIN,
              message,
              NAMES,
              Instant.ofEpochSecond(1_772_800_000)),
          secret,
          limit);
    }
  }

  private static String url(TlsEndpoint endpoint) {
    return "https://127.0.0.1:" + endpoint.port() + "/hooks?to=me";
  }

  @Test
  void a_message_arrives_signed_as_standard_webhooks_says() throws Exception {
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, OK)) {
      assertThat(posted(reaching(), url(endpoint), LIMIT)).isEmpty();

      String[] request = endpoint.request().split("\r\n\r\n", 2);
      String id = "msg_" + MESSAGE.id();
      assertThat(request[0].lines())
          .contains(
              "POST /hooks?to=me HTTP/1.1",
              "host: 127.0.0.1:" + endpoint.port(),
              "content-type: application/json",
              "webhook-id: " + id,
              "webhook-timestamp: 1772800000",
              "webhook-signature: "
                  + WebhookSignature.of(
                      KEY,
                      id,
                      Instant.ofEpochSecond(1_772_800_000),
                      request[1].getBytes(StandardCharsets.UTF_8)));
      assertThat(request[1])
          .isEqualTo(
              "{\"type\":\"budget.crossed\",\"timestamp\":\"2026-03-11T10:00:00.500Z\","
                  + "\"data\":{\"threshold\":80,\"holder\":{\"type\":\"service_caller\","
                  + "\"service\":\"alice/my-openai\",\"group\":null,\"project\":null,\"user\":\"bob\",\"token\":null},"
                  + "\"amount\":\"25\",\"settled\":\"20.000000001\",\"unit\":\"usd\","
                  + "\"window\":\"month\",\"zone\":\"UTC\","
                  + "\"window_starts_at\":\"2026-03-01T00:00:00Z\","
                  + "\"resets_at\":\"2026-04-01T00:00:00Z\"}}");
    }
  }

  @Test
  void a_message_about_a_bill_has_its_amounts_in_dollars() throws Exception {
    WebhookMessage bill =
        new WebhookMessage.BillUnexplained(
            new UUID(1, 2),
            new UUID(3, 4),
            YearMonth.of(2026, 3),
            120_000_000_000L,
            100_000_000_001L,
            19_999_999_999L,
            Instant.parse("2026-03-11T02:00:00Z"));
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, OK);
        OutboundWebhooks sender = OutboundWebhooks.start(reaching())) {
      assertThat(post(sender, url(endpoint), bill, LIMIT).join()).isEmpty();

      assertThat(endpoint.request().split("\r\n\r\n", 2)[1])
          .isEqualTo(
              "{\"type\":\"bill.differs\",\"timestamp\":\"2026-03-11T02:00:00Z\","
                  + "\"data\":{\"service\":\"alice/my-openai\",\"month\":\"2026-03\","
                  + "\"currency\":\"USD\",\"theirs\":\"120\",\"ours\":\"100.000000001\","
                  + "\"unexplained\":\"19.999999999\"}}");
    }
  }

  @Test
  void a_private_address_is_not_connected_to() throws Exception {
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, OK)) {
      assertThat(posted(trusting(), url(endpoint), LIMIT))
          .contains(DeliveryFailure.ADDRESS_NOT_ALLOWED);
      assertThat(endpoint.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://100.64.0.1/",
        "https://0.0.0.0/"
      })
  void no_address_of_the_inside_is_connected_to(String url) throws Exception {
    assertThat(posted(trusting(), url, LIMIT)).contains(DeliveryFailure.ADDRESS_NOT_ALLOWED);
  }

  @Test
  void a_name_that_resolves_to_a_private_address_is_not_connected_to() throws Exception {
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, OK)) {
      OutboundSettings settings =
          trusting().withResolver(host -> List.of(InetAddress.getLoopbackAddress()));

      assertThat(posted(settings, "https://provider.test:" + endpoint.port() + "/", LIMIT))
          .contains(DeliveryFailure.ADDRESS_NOT_ALLOWED);
      assertThat(endpoint.connections()).isZero();
    }
  }

  @Test
  void a_name_is_resolved_once_so_that_the_address_checked_is_the_one_connected_to()
      throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, OK)) {
      // The second answer would be one that is not permitted.
      OutboundSettings settings =
          reaching()
              .withResolver(
                  host ->
                      List.of(
                          asked.getAndIncrement() == 0
                              ? InetAddress.getByName("127.0.0.1")
                              : InetAddress.getByName("169.254.169.254")));

      assertThat(posted(settings, "https://provider.test:" + endpoint.port() + "/", LIMIT))
          .isEmpty();
      assertThat(asked).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void a_redirection_is_not_followed(int status) throws Exception {
    try (TlsEndpoint other = TlsEndpoint.answering(certificate, OK);
        TlsEndpoint endpoint =
            TlsEndpoint.answering(
                certificate,
                "HTTP/1.1 %d Elsewhere\r\nlocation: %s\r\ncontent-length: 0\r\n\r\n"
                    .formatted(status, url(other)))) {
      assertThat(posted(reaching(), url(endpoint), LIMIT)).contains(DeliveryFailure.REJECTED);
      assertThat(other.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 500 No\r\n\r\n",
        "HTTP/1.1 410 Gone\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n"
      })
  void what_is_no_success_is_a_rejection(String answer) throws Exception {
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, answer)) {
      assertThat(posted(reaching(), url(endpoint), LIMIT)).contains(DeliveryFailure.REJECTED);
    }
  }

  @Test
  void an_answer_without_end_is_not_read() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (TlsEndpoint endpoint =
        TlsEndpoint.answering(
            certificate,
            caller -> {
              write(caller, "HTTP/1.1 200 OK\r\n\r\n");
              try {
                writeForEver(caller);
              } finally {
                gone.countDown();
              }
            })) {
      assertThat(posted(reaching(), url(endpoint), LIMIT)).isEmpty();
      gone.await();
    }
  }

  private static void write(Socket caller, String text) throws IOException {
    caller.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void writeForEver(Socket caller) throws IOException {
    byte[] bytes = new byte[8_192];
    while (true) {
      caller.getOutputStream().write(bytes);
    }
  }

  @Test
  void an_endpoint_that_says_nothing_is_waited_for_no_longer_than_the_limit() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, caller -> awaiting(over))) {
      assertThat(posted(reaching(), url(endpoint), SHORT)).contains(DeliveryFailure.TIMED_OUT);
    } finally {
      over.countDown();
    }
  }

  /** Each byte comes soon after the one before, but the head never ends. */
  @Test
  void an_endpoint_that_dribbles_is_waited_for_no_longer_than_the_limit() throws Exception {
    try (TlsEndpoint endpoint =
        TlsEndpoint.answering(
            certificate,
            caller -> {
              write(caller, "HTTP/1.1 200 OK\r\nx: ");
              while (true) {
                caller.getOutputStream().write('a');
                caller.getOutputStream().flush();
                LockSupport.parkNanos(20_000_000);
              }
            })) {
      assertThat(posted(reaching(), url(endpoint), SHORT)).contains(DeliveryFailure.TIMED_OUT);
    }
  }

  private static void awaiting(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_certificate_that_is_not_trusted_gets_no_message() throws Exception {
    try (TlsEndpoint endpoint = TlsEndpoint.answering(certificate, OK)) {
      OutboundSettings settings =
          OutboundSettings.strict().withAllowedPrivateHosts(AllowedPrivateHosts.of("127.0.0.1"));

      assertThat(posted(settings, url(endpoint), LIMIT)).contains(DeliveryFailure.UNREACHABLE);
    }
  }

  @Test
  void a_slow_endpoint_does_not_hold_up_others() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (TlsEndpoint slow = TlsEndpoint.answering(certificate, caller -> awaiting(over));
        TlsEndpoint quick = TlsEndpoint.answering(certificate, OK);
        OutboundWebhooks sender = OutboundWebhooks.start(reaching())) {
      CompletableFuture<Optional<DeliveryFailure>> late = post(sender, url(slow), LIMIT);

      assertThat(post(sender, url(quick), LIMIT).join()).isEmpty();
      assertThat(late).isNotDone();
      over.countDown();
    }
  }

  @Test
  void whoever_waits_is_told_when_the_sender_is_closed() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (TlsEndpoint slow = TlsEndpoint.answering(certificate, caller -> awaiting(over))) {
      OutboundWebhooks sender = OutboundWebhooks.start(reaching());
      CompletableFuture<Optional<DeliveryFailure>> late = post(sender, url(slow), LIMIT);
      String arrived = slow.request();
      sender.close();

      assertThat(arrived).startsWith("POST ");
      assertThat(late.join()).contains(DeliveryFailure.UNREACHABLE);
      assertThat(post(sender, url(slow), LIMIT).join()).contains(DeliveryFailure.UNREACHABLE);
    } finally {
      over.countDown();
    }
  }
}
