package io.claviger.bootstrap.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditReceiver.Undelivered;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.host.Confidential;
import io.claviger.testkit.TlsIdentity;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the push of the audit trail to simulated receivers and to rsyslog. */
@Tag("slow")
class PushReceiverTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.000001Z");

  /** For receivers that answer, however busy the machine is. */
  private static final Duration LONG = Duration.ofSeconds(20);

  /** For receivers that do not answer. */
  private static final Duration SHORT = Duration.ofMillis(1_500);

  private static final ChainHead HEAD = new ChainHead(2, "00", NOW, "AAAA", "BBBB");

  private final TlsIdentity identity = identity();

  private static TlsIdentity identity() {
    try {
      return TlsIdentity.shared();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a receiver does with a connection. */
  @FunctionalInterface
  private interface Behaviour {
    void with(Socket connection) throws IOException, InterruptedException;
  }

  /** A receiver on this machine. */
  private static final class Receiver implements AutoCloseable {
    private final SSLServerSocket server;

    private Receiver(TlsIdentity identity, Behaviour behaviour) throws Exception {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(identity.keyManagers().getKeyManagers(), null, null);
      server =
          (SSLServerSocket)
              tls.getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> serve(behaviour));
    }

    private void serve(Behaviour behaviour) {
      while (!server.isClosed()) {
        try (Socket connection = server.accept()) {
          behaviour.with(connection);
        } catch (IOException | InterruptedException e) {
          // The caller has left, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static List<InetAddress> loopback(String host, int port) {
    return List.of(InetAddress.getLoopbackAddress());
  }

  private PushReceiver to(String address) throws IOException {
    return PushReceiver.of(
            PushTarget.of(address),
            Optional.of(Confidential.of("Authorization: Bearer s3cret")),
            Optional.of(Confidential.of(identity.certificate())),
            PushReceiverTest::loopback,
            "node 1")
        .patientFor(LONG);
  }

  private PushReceiver https(Receiver receiver) throws IOException {
    return to("https://127.0.0.1:%d/audit?x=1".formatted(receiver.server.getLocalPort()));
  }

  private PushReceiver syslog(Receiver receiver) throws IOException {
    return to("syslog+tls://127.0.0.1:" + receiver.server.getLocalPort());
  }

  private static List<StoredLink> links(int many) {
    List<StoredLink> links = new ArrayList<>();
    Optional<ChainLink> last = Optional.empty();
    for (int n = 1; n <= many; n++) {
      EventTexts event = event(n);
      last = Optional.of(ChainLink.after(last, event));
      links.add(new StoredLink(last.get(), Optional.of(event)));
    }
    return links;
  }

  private static EventTexts event(int n) {
    List<Optional<String>> columns =
        new ArrayList<>(EventTexts.COLUMNS.stream().map(c -> Optional.<String>empty()).toList());
    columns.set(EventTexts.COLUMNS.indexOf("action"), Optional.of("user.update"));
    columns.set(EventTexts.COLUMNS.indexOf("target_ref"), Optional.of("größe\n<5> " + n));
    columns.set(
        EventTexts.COLUMNS.indexOf("outcome"), Optional.of(n % 2 == 0 ? "refused" : "done"));
    return new EventTexts(new UUID(7, n), NOW, columns, List.of("x"), List.of(), 1);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the end");
      }
      head.append((char) c);
    }
    return head.toString();
  }

  private static String request(InputStream in) throws IOException {
    String head = head(in);
    int length = Integer.parseInt(head.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1"));
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static Behaviour answering(String text, BlockingQueue<String> requests) {
    return connection -> {
      requests.add(request(connection.getInputStream()));
      connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    };
  }

  @Test
  void an_https_receiver_gets_json_lines_with_the_header() throws Exception {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (Receiver receiver =
        new Receiver(identity, answering("HTTP/1.1 204 No Content\r\n\r\n", requests))) {
      https(receiver).deliver(links(2), Optional.of(HEAD));
    }
    String request = requests.take();
    assertThat(request)
        .startsWith("POST /audit?x=1 HTTP/1.1\r\nHost: 127.0.0.1:")
        .contains("\r\nAuthorization: Bearer s3cret\r\n\r\n");
    List<String> lines = request.substring(request.indexOf("\r\n\r\n") + 4).lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"number\":1", "größe\\n<5> 1");
    assertThat(lines.get(1)).contains("\"number\":2", "\"outcome\":\"refused\"");
    assertThat(lines.get(2)).startsWith("{\"head\":{").contains("\"number\":2");
  }

  @Test
  void a_receiver_is_told_where_the_trail_continues() throws Exception {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (Receiver receiver =
        new Receiver(identity, answering("HTTP/1.1 204 No Content\r\n\r\n", requests))) {
      https(receiver).continueAfter(7, "0f", NOW);
      https(receiver).continueAfter(0, "", NOW);
    }
    assertThat(requests.take())
        .endsWith("\r\n\r\n{\"continues\":{\"number\":7,\"hash\":\"0f\"}}\n");
    assertThat(requests.take()).endsWith("\r\n\r\n{\"continues\":{\"number\":0,\"hash\":null}}\n");

    BlockingQueue<List<String>> received = new LinkedBlockingQueue<>();
    try (Receiver receiver =
        new Receiver(identity, connection -> received.add(frames(connection.getInputStream())))) {
      syslog(receiver).continueAfter(7, "0f", NOW);
    }
    assertThat(received.take())
        .containsExactly(
            "<109>1 2026-11-24T12:00:00.000001Z node_1 claviger - continues - "
                + "{\"continues\":{\"number\":7,\"hash\":\"0f\"}}");
  }

  @Test
  void what_is_no_success_is_sent_again() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 500 Internal Server Error\r\n\r\n",
            "HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n",
            "SSH-2.0-x\r\n",
            "x".repeat(5_000),
            "")) {
      try (Receiver receiver =
          new Receiver(identity, answering(answer, new LinkedBlockingQueue<>()))) {
        assertThatExceptionOfType(Undelivered.class)
            .as(answer)
            .isThrownBy(() -> https(receiver).deliver(links(1), Optional.empty()))
            .withMessageNotContaining("s3cret");
      }
    }
  }

  /**
   * After such an answer, fewer lines are sent. Some receivers close the connection instead of
   * answering 413.
   */
  @Test
  void a_receiver_says_or_shows_that_it_may_accept_fewer_lines() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 413 Content Too Large\r\n\r\n", "HTTP/1.1 504 Gateway Timeout\r\n\r\n", "")) {
      assertThat(mayBeTooLarge(answering(answer, new LinkedBlockingQueue<>()))).as(answer).isTrue();
    }
    assertThat(
            mayBeTooLarge(
                connection -> {
                  int unused = connection.getInputStream().read();
                  connection.setSoLinger(true, 0);
                }))
        .isTrue();
    assertThat(
            mayBeTooLarge(
                connection -> new LinkedBlockingQueue<String>().poll(20, TimeUnit.SECONDS), SHORT))
        .as("no answer in time, before anything can be sent")
        .isFalse();
    assertThat(
            mayBeTooLarge(
                connection -> {
                  String unused = request(connection.getInputStream());
                  new LinkedBlockingQueue<String>().poll(20, TimeUnit.SECONDS);
                },
                SHORT))
        .as("no answer in time")
        .isTrue();
    for (String answer :
        List.of(
            "HTTP/1.1 500 Internal Server Error\r\n\r\n",
            "HTTP/1.1 401 No\r\n\r\n",
            "SSH-2.0-x\r\n")) {
      assertThat(mayBeTooLarge(answering(answer, new LinkedBlockingQueue<>())))
          .as(answer)
          .isFalse();
    }
  }

  private boolean mayBeTooLarge(Behaviour behaviour) throws Exception {
    return mayBeTooLarge(behaviour, LONG);
  }

  private boolean mayBeTooLarge(Behaviour behaviour, Duration patience) throws Exception {
    try (Receiver receiver = new Receiver(identity, behaviour)) {
      PushReceiver pushed = https(receiver).patientFor(patience);
      return assertThatExceptionOfType(Undelivered.class)
          .isThrownBy(() -> pushed.deliver(links(6_000), Optional.empty()))
          .actual()
          .mayBeTooLarge();
    }
  }

  @Test
  void a_long_answer_is_not_read() throws Exception {
    byte[] moreThanSocketsHold = new byte[64 << 20];
    CompletableFuture<Boolean> wasRead = new CompletableFuture<>();
    try (Receiver receiver =
        new Receiver(
            identity,
            connection -> {
              String unused = request(connection.getInputStream());
              OutputStream out = connection.getOutputStream();
              out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              try {
                out.write(moreThanSocketsHold);
                wasRead.complete(true);
              } catch (IOException e) {
                wasRead.complete(false);
              }
            })) {
      https(receiver).deliver(links(1), Optional.empty());

      assertThat(wasRead.get(LONG.toSeconds(), TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void a_receiver_that_hangs_or_trickles_is_left_in_time() throws Exception {
    Behaviour hangs = connection -> new LinkedBlockingQueue<String>().poll(20, TimeUnit.SECONDS);
    Behaviour trickles =
        connection -> {
          String unused = head(connection.getInputStream());
          for (int n = 0; n < 1_000; n++) {
            connection.getOutputStream().write('H');
            LockSupport.parkNanos(50_000_000);
          }
        };
    for (Behaviour behaviour : List.of(hangs, trickles)) {
      try (Receiver receiver = new Receiver(identity, behaviour)) {
        PushReceiver pushed = https(receiver).patientFor(SHORT);
        assertThatExceptionOfType(Undelivered.class)
            .isThrownBy(() -> pushed.deliver(links(6_000), Optional.empty()))
            .withMessageContaining("in time");
      }
    }
  }

  @Test
  void a_syslog_receiver_gets_counted_messages_and_ends_the_connection() throws Exception {
    BlockingQueue<List<String>> received = new LinkedBlockingQueue<>();
    try (Receiver receiver =
        new Receiver(identity, connection -> received.add(frames(connection.getInputStream())))) {
      syslog(receiver).deliver(links(3), Optional.of(HEAD));
    }
    List<String> frames = received.take();
    assertThat(frames).hasSize(4);
    assertThat(frames.get(0))
        .startsWith("<110>1 2026-11-24T12:00:00.000001Z node_1 claviger - user.update - {\"id\":");
    assertThat(frames.get(1)).startsWith("<109>1 ").contains("größe\\n<5> 2");
    assertThat(frames.get(3)).contains(" claviger - head - {\"head\":{");
  }

  private static List<String> frames(InputStream from) throws IOException {
    InputStream in = new BufferedInputStream(from);
    List<String> frames = new ArrayList<>();
    int length = 0;
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == ' ') {
        frames.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        length = 0;
      } else {
        length = 10 * length + Character.digit(c, 10);
      }
    }
    return frames;
  }

  @Test
  void a_syslog_receiver_that_breaks_off_or_talks_has_not_got_it() throws Exception {
    Behaviour resets =
        connection -> {
          int unused = connection.getInputStream().read();
          connection.setSoLinger(true, 0);
        };
    Behaviour talks =
        connection -> {
          for (int n = 0; n < 100; n++) {
            connection.getOutputStream().write(new byte[1 << 16]);
          }
        };
    Behaviour hangs = connection -> new LinkedBlockingQueue<String>().poll(20, TimeUnit.SECONDS);
    for (Behaviour behaviour : List.of(resets, talks, hangs)) {
      try (Receiver receiver = new Receiver(identity, behaviour)) {
        PushReceiver pushed = syslog(receiver).patientFor(SHORT);
        assertThatExceptionOfType(Undelivered.class)
            .isThrownBy(() -> pushed.deliver(links(6_000), Optional.empty()));
      }
    }
  }

  @Test
  void a_certificate_of_nobody_who_is_trusted_and_one_of_another_host_are_refused()
      throws Exception {
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (Receiver receiver =
        new Receiver(identity, answering("HTTP/1.1 204 No Content\r\n\r\n", requests))) {
      int port = receiver.server.getLocalPort();
      PushReceiver publicOnes =
          PushReceiver.of(
              PushTarget.of("https://127.0.0.1:" + port + "/"),
              Optional.empty(),
              Optional.empty(),
              PushReceiverTest::loopback,
              "n");
      PushReceiver anotherHost = to("https://audit.example:" + port + "/");
      for (PushReceiver refused : List.of(publicOnes, anotherHost)) {
        assertThatExceptionOfType(Undelivered.class)
            .isThrownBy(() -> refused.deliver(links(1), Optional.empty()))
            .withMessageContaining("certificate");
      }
      to("https://provider.test:" + port + "/").deliver(links(1), Optional.empty());
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void only_permitted_addresses_are_connected_to() {
    PushReceiver none =
        PushReceiver.of(
            PushTarget.of("syslog+tls://127.0.0.1:6514"),
            Optional.empty(),
            Optional.empty(),
            (host, port) -> List.of(),
            "n");
    assertThatExceptionOfType(Undelivered.class)
        .isThrownBy(() -> none.deliver(links(1), Optional.empty()))
        .withMessageContaining("may connect");
    PushReceiver unknown =
        PushReceiver.of(
            PushTarget.of("syslog+tls://nowhere.example:6514"),
            Optional.empty(),
            Optional.empty(),
            (host, port) -> {
              throw new UnknownHostException(host);
            },
            "n");
    assertThatExceptionOfType(Undelivered.class)
        .isThrownBy(() -> unknown.deliver(links(1), Optional.empty()))
        .withMessageContaining("not known");
  }

  @Test
  void addresses_and_authorities_are_checked() {
    assertThat(PushTarget.of("syslog+tls://[::1]:6514").host()).isEqualTo("::1");
    assertThat(PushTarget.of("https://audit.example/x").syslog()).isFalse();
    for (String wrong :
        List.of(
            "syslog+tls://host",
            "syslog+tls://host:6514/x",
            "syslog+tls://host:0",
            "syslog://host:514",
            "http://host/",
            "")) {
      assertThatExceptionOfType(InvalidValue.class)
          .as(wrong)
          .isThrownBy(() -> PushTarget.of(wrong));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PushReceiver.of(
                    PushTarget.of("https://audit.example/"),
                    Optional.empty(),
                    Optional.of(Confidential.of("nothing")),
                    PushReceiverTest::loopback,
                    "n"));
  }

  /** Skipped on machines without rsyslog and its driver for TLS. */
  @Test
  @Tag("journey")
  void rsyslog_stores_what_is_pushed_and_what_it_missed_is_sent_again(@TempDir Path directory)
      throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/sbin/rsyslogd")), "rsyslog is not installed");
    assumeTrue(
        Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so")),
        "rsyslog has no TLS");
    Path stored = directory.resolve("stored");
    TlsIdentity rsa = TlsIdentity.rsa(directory);
    Process rsyslog = rsyslog(directory, rsa, 0);
    int port = Integer.parseInt(Files.readString(awaited(directory.resolve("port"))).strip());
    PushReceiver pushed =
        PushReceiver.of(
                PushTarget.of("syslog+tls://127.0.0.1:" + port),
                Optional.empty(),
                Optional.of(Confidential.of(rsa.certificate())),
                PushReceiverTest::loopback,
                "node 1")
            .patientFor(Duration.ofSeconds(20));
    try {
      pushed.deliver(links(1_000), Optional.of(HEAD));
      List<String> expected =
          new ArrayList<>(
              IntStream.rangeClosed(1, 1_000)
                  .mapToObj(n -> n % 2 == 0 ? "notice user.update" : "info user.update")
                  .toList());
      expected.add("info head");
      assertThat(lines(stored, 1_001)).isEqualTo(expected);
    } finally {
      rsyslog.destroy();
      boolean unused = rsyslog.waitFor(10, TimeUnit.SECONDS);
    }
    assertThatExceptionOfType(Undelivered.class)
        .isThrownBy(() -> pushed.deliver(links(2), Optional.empty()));
    Process again = rsyslog(directory, rsa, port);
    try {
      Path unused = awaited(directory.resolve("port"));
      pushed.deliver(links(2), Optional.empty());
      assertThat(lines(stored, 1_003)).hasSize(1_003);
    } finally {
      again.destroy();
      boolean unused = again.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static Process rsyslog(Path directory, TlsIdentity identity, int port)
      throws IOException {
    Files.deleteIfExists(directory.resolve("port"));
    Files.writeString(directory.resolve("certificate.pem"), identity.certificate());
    Files.writeString(directory.resolve("key.pem"), identity.privateKey());
    Path configuration = directory.resolve("rsyslog.conf");
    Files.writeString(
        configuration,
        """
        global(workDirectory="%1$s" maxMessageSize="64k"
          DefaultNetstreamDriverCAFile="%1$s/certificate.pem"
          DefaultNetstreamDriverCertFile="%1$s/certificate.pem"
          DefaultNetstreamDriverKeyFile="%1$s/key.pem")
        module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1"
          StreamDriver.AuthMode="anon")
        template(name="kept" type="string" string="%%syslogseverity-text%% %%msgid%%\\n")
        ruleset(name="audit") {
          action(type="omfile" file="%1$s/stored" template="kept")
        }
        input(type="imtcp" address="127.0.0.1" port="%2$d" listenPortFileName="%1$s/port"
          ruleset="audit")
        """
            .formatted(directory, port));
    return new ProcessBuilder(
            "/usr/sbin/rsyslogd",
            "-n",
            "-f",
            configuration.toString(),
            "-i",
            directory.resolve("pid").toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private static Path awaited(Path file) throws IOException {
    for (int n = 0; n < 400 && (!Files.exists(file) || Files.size(file) == 0); n++) {
      LockSupport.parkNanos(25_000_000);
    }
    return file;
  }

  private static List<String> lines(Path file, int wanted) throws IOException {
    List<String> lines = List.of();
    for (int n = 0; n < 400 && lines.size() < wanted; n++) {
      lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      LockSupport.parkNanos(25_000_000);
    }
    return lines;
  }
}
