package io.claviger.bootstrap.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.requests.RequestLinks;
import io.claviger.application.routing.ModelRouting;
import io.claviger.bootstrap.settings.TlsSettings;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.gateway.Gateway;
import io.claviger.gateway.GatewaySettings;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.host.StartRefused;
import io.claviger.testkit.SettableClock;
import io.claviger.web.server.CallerOrigins;
import io.claviger.web.server.HttpServer;
import io.claviger.web.server.Routes;
import io.claviger.web.server.ServerLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What openssl finds at both listeners, and what happens when the files change. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerTlsTest {
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");
  private static final String CONNECTED = "CONNECTION ESTABLISHED";

  @TempDir private static Path files;

  private ServerTls tls;
  private HttpServer web;
  private Gateway gateway;

  @BeforeAll
  void start() throws Exception {
    assumeTrue(Files.isExecutable(OPENSSL));
    certificate("server", "rsa:2048", "30");
    certificate("other", "rsa:2048", "30");
    tls = ServerTls.start(settings("server", Optional.empty()));
    web = web(tls);
    gateway = gateway(tls);
  }

  @AfterAll
  void stop() {
    if (tls != null) {
      gateway.close();
      web.close();
      tls.close();
    }
  }

  private static HttpServer web(ServerTls tls) {
    Routes routes =
        new Routes(
            none(AccessTokens.class),
            new CallerOrigins(AddressNets.NONE, Optional.empty()),
            ServerLimits.STANDARD,
            RequestLinks.NONE);
    return HttpServer.start(
        "127.0.0.1", 0, ServerLimits.STANDARD, AddressNets.NONE, Optional.of(tls), routes);
  }

  private static Gateway gateway(ServerTls tls) {
    return Gateway.start(
        GatewaySettings.on("127.0.0.1", 0).withTls(Optional.of(tls)),
        none(CallAuthorization.class),
        none(ModelRouting.class),
        none(GatewayEvents.class));
  }

  /** Stands for what no handshake needs. */
  private static <T> T none(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
  }

  private TlsSettings settings(String name, Optional<String> authority) {
    return new TlsSettings(
        files.resolve(name + ".crt"),
        files.resolve(name + ".key"),
        authority.map(ca -> files.resolve(ca + ".crt")));
  }

  private static void certificate(String name, String algorithm, String days) throws Exception {
    run(
        "",
        "req",
        "-x509",
        "-newkey",
        algorithm,
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-days",
        days,
        "-keyout",
        files.resolve(name + ".key").toString(),
        "-out",
        files.resolve(name + ".crt").toString());
  }

  private static void signedBy(String authority, String name, String days) throws Exception {
    String key = files.resolve(name + ".key").toString();
    String request = files.resolve(name + ".csr").toString();
    String unused =
        run(
            "",
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=" + name,
            "-keyout",
            key,
            "-out",
            request);
    unused =
        run(
            "",
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            files.resolve(authority + ".crt").toString(),
            "-CAkey",
            files.resolve(authority + ".key").toString(),
            "-CAcreateserial",
            "-days",
            days,
            "-out",
            files.resolve(name + ".crt").toString());
  }

  private static String run(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().write(input.getBytes(UTF_8));
      process.getOutputStream().close();
    } catch (IOException e) {
      // The process has already ended, and its output says why.
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said;
  }

  /**
   * Returns what openssl prints about a connection to the port. The connection is closed
   * immediately.
   */
  private static String connect(int port, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("s_client", "-brief", "-connect", "127.0.0.1:" + port));
    arguments.addAll(List.of(options));
    return run("", arguments.toArray(String[]::new));
  }

  private List<Integer> ports() {
    return List.of(web.port(), gateway.address().getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-tls1_3",
        "-tls1_2",
        "-tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384",
        "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305",
        "-alpn h2,http/1.1"
      })
  void what_is_on_is_accepted_by_both_listeners(String options) throws Exception {
    for (int port : ports()) {
      assertThat(connect(port, options.split(" "))).contains(CONNECTED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-tls1_1 -cipher ALL:@SECLEVEL=0",
        "-tls1 -cipher ALL:@SECLEVEL=0",
        "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256",
        "-tls1_2 -cipher ECDHE-RSA-AES256-SHA",
        "-tls1_2 -cipher AES128-GCM-SHA256",
        "-tls1_2 -cipher AES256-SHA",
        "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256",
        "-tls1_2 -cipher aNULL:@SECLEVEL=0",
        "-tls1_2 -cipher eNULL:@SECLEVEL=0",
        "-alpn h2"
      })
  void what_must_be_off_is_refused_by_both_listeners(String options) throws Exception {
    for (int port : ports()) {
      assertThat(connect(port, options.split(" "))).doesNotContain(CONNECTED);
    }
  }

  @Test
  void nothing_is_compressed_and_nobody_renegotiates() throws Exception {
    for (int port : ports()) {
      String said = run("R\n", "s_client", "-tls1_2", "-connect", "127.0.0.1:" + port);
      assertThat(said).contains("Compression: NONE").contains("RENEGOTIATING");
      // The client checks the certificate once for each handshake. On a busy machine, its two
      // streams of output arrive in any order.
      assertThat(said).containsOnlyOnce("verify error");
    }
  }

  @Test
  void a_changed_certificate_is_used_and_one_that_is_broken_is_not() throws Exception {
    certificate("changing", "rsa:2048", "30");
    try (ServerTls changing = ServerTls.start(settings("changing", Optional.empty()));
        Gateway its = gateway(changing)) {
      int port = its.address().getPort();
      assertThat(connect(port)).contains("CN = changing");

      copy("other", "changing");
      changing.look();
      assertThat(connect(port)).contains("CN = other");

      Files.writeString(files.resolve("changing.crt"), "half a certificate");
      changing.look();
      assertThat(connect(port)).contains("CN = other");

      Files.copy(files.resolve("server.crt"), replaced("changing.crt"));
      changing.look();
      assertThat(connect(port)).contains("CN = other");

      Files.delete(files.resolve("changing.key"));
      changing.look();
      assertThat(connect(port)).contains("CN = other");

      copy("server", "changing");
      changing.look();
      assertThat(connect(port)).contains("CN = server");
    }
  }

  /** A node may run for years. */
  @Test
  void the_log_says_once_a_day_that_the_certificate_expires_soon_or_has_expired() throws Exception {
    certificate("ending", "rsa:2048", "30");
    certificate("next", "rsa:2048", "90");
    SettableClock clock = new SettableClock(Instant.now());
    List<String> told = new ArrayList<>();
    try (ServerTls ending = ServerTls.of(settings("ending", Optional.empty()), clock)) {
      for (int hour = 0; hour < 32 * 24; hour++) {
        told.addAll(logged(ending::look));
        clock.advance(Duration.ofHours(1));
      }
      assertThat(told.stream().filter(line -> line.startsWith("WARN"))).hasSize(14);
      assertThat(told.stream().filter(line -> line.startsWith("ERROR"))).hasSize(2);
      assertThat(told.getFirst())
          .isEqualTo("WARN The certificate of CLAVIGER_TLS_CERT ends at " + ending.end() + ".");
      assertThat(told.getLast())
          .isEqualTo(
              "ERROR The certificate of CLAVIGER_TLS_CERT ended at "
                  + ending.end()
                  + ". Callers refuse it.");

      copy("next", "ending");
      assertThat(logged(ending::look)).singleElement().asString().startsWith("INFO");
      assertThat(ending.end()).isAfter(clock.instant());
      assertThat(logged(ending::look)).isEmpty();
    }
  }

  /** Authorities give out chains with a certificate for old callers that has expired. */
  @Test
  void an_intermediate_certificate_that_has_expired_keeps_no_new_certificate_out()
      throws Exception {
    certificate("renewed", "rsa:2048", "30");
    certificate("crossed", "rsa:2048", "10");
    signedBy("crossed", "newer", "90");
    SettableClock clock = new SettableClock(Instant.now().plus(Duration.ofDays(20)));
    try (ServerTls changing = ServerTls.of(settings("renewed", Optional.empty()), clock)) {
      Instant former = changing.end();
      String leaf = Files.readString(files.resolve("newer.crt"));
      copy("newer", "renewed");
      Files.writeString(
          files.resolve("renewed.crt"), leaf + Files.readString(files.resolve("crossed.crt")));

      assertThat(logged(changing::look))
          .hasSize(2)
          .anyMatch(line -> line.startsWith("INFO The certificate of CLAVIGER_TLS_CERT was"))
          .anyMatch(line -> line.startsWith("WARN An intermediate certificate in the file"));
      assertThat(changing.end()).isAfter(former.plus(Duration.ofDays(50)));
      assertThat(logged(changing::look)).isEmpty();
    }
  }

  /** The clock of the authority may be ahead of the clocks of the node and of its callers. */
  @Test
  void a_new_certificate_is_used_when_it_becomes_valid() throws Exception {
    certificate("former", "rsa:2048", "30");
    certificate("future", "rsa:2048", "30");
    SettableClock clock = new SettableClock(Instant.now());
    try (ServerTls changing = ServerTls.of(settings("former", Optional.empty()), clock)) {
      Instant former = changing.end();
      clock.advance(Duration.ofMinutes(-10));
      copy("future", "former");

      assertThat(logged(changing::look))
          .singleElement()
          .asString()
          .startsWith("ERROR The former certificate stays in use")
          .contains("is not valid before");
      assertThat(logged(changing::look)).isEmpty();
      assertThat(changing.end()).isEqualTo(former);

      clock.advance(Duration.ofMinutes(20));
      assertThat(logged(changing::look)).singleElement().asString().startsWith("INFO");
      assertThat(logged(changing::look)).isEmpty();
    }
  }

  private static List<String> logged(Runnable action) {
    Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    Level before = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
    try {
      action.run();
    } finally {
      boolean unused = logger.detachAppender(appender);
      logger.setLevel(before);
    }
    return appender.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }

  private static void copy(String from, String to) throws IOException {
    Files.copy(files.resolve(from + ".crt"), replaced(to + ".crt"));
    Files.copy(files.resolve(from + ".key"), replaced(to + ".key"));
  }

  private static Path replaced(String name) throws IOException {
    boolean unused = Files.deleteIfExists(files.resolve(name));
    return files.resolve(name);
  }

  @Test
  void files_that_do_not_fit_refuse_the_start() throws Exception {
    Files.copy(files.resolve("server.crt"), files.resolve("mixed.crt"));
    Files.copy(files.resolve("other.key"), files.resolve("mixed.key"));

    assertThatThrownBy(() -> ServerTls.start(settings("mixed", Optional.empty())))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("is not that of CLAVIGER_TLS_CERT");
    assertThatThrownBy(() -> ServerTls.start(settings("missing", Optional.empty())))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("can't be read");
  }

  @Test
  void a_key_of_an_elliptic_curve_is_one_too() throws Exception {
    run(
        "",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=curve",
        "-keyout",
        files.resolve("curve.key").toString(),
        "-out",
        files.resolve("curve.crt").toString());
    TlsFiles loaded = TlsFiles.load(settings("curve", Optional.empty()));

    assertThat(loaded.key().getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void with_authorities_every_caller_needs_a_certificate_of_theirs() throws Exception {
    certificate("client", "rsa:2048", "30");
    try (ServerTls mutual = ServerTls.start(settings("server", Optional.of("client")));
        Gateway its = gateway(mutual)) {
      int port = its.address().getPort();
      String ours = files.resolve("client").toString();
      String others = files.resolve("other").toString();

      assertThat(connect(port, "-tls1_2")).doesNotContain(CONNECTED);
      assertThat(connect(port, "-tls1_2", "-cert", others + ".crt", "-key", others + ".key"))
          .doesNotContain(CONNECTED);
      assertThat(connect(port, "-tls1_2", "-cert", ours + ".crt", "-key", ours + ".key"))
          .contains(CONNECTED);
    }
  }

  @Test
  void many_connections_that_say_nothing_keep_nobody_out() throws Exception {
    List<Socket> silent =
        IntStream.range(0, 100)
            .mapToObj(
                n -> {
                  try {
                    return new Socket("127.0.0.1", gateway.address().getPort());
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .toList();
    try {
      assertThat(connect(gateway.address().getPort())).contains(CONNECTED);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }
}
