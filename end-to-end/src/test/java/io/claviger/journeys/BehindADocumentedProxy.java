package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.bootstrap.node.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes behind the configuration of a proxy that {@code docs/operations.md} shows. Only
 * addresses and TLS are replaced.
 */
abstract class BehindADocumentedProxy {
  private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");

  /** Both nodes have the same ports, as the document has it, so they need two addresses. */
  private static final String ONE = "127.0.0.1";

  private static final String OTHER = "127.0.0.2";

  /** The second name of the document, which leads to the gateway alone. */
  static final String GATEWAY_NAME = "gateway.example.org";

  private static final int RESTARTS = 4;
  private static final int CALLS = 20;

  @TempDir private Path directory = Path.of("");
  private final Journey journey = new Journey();
  private final List<Process> started = new ArrayList<>();

  /** The name of the program and of the language of its block in the document. */
  abstract String program();

  abstract String language();

  /** How long a node stays open, so that the proxy notices that it is about to stop. */
  abstract int drainSeconds();

  /**
   * Makes the block serve plain HTTP.
   *
   * @param block with the nodes' addresses in place
   * @param port where the proxy is to listen on the loopback address
   */
  abstract String configuration(String block, int port, Path directory);

  /** The command that runs the proxy in the foreground. */
  abstract List<String> command(Path configuration, Path directory);

  @BeforeEach
  void demandTheProgram() {
    assumeTrue(
        Stream.of("/usr/sbin", "/usr/bin")
            .map(bin -> Path.of(bin, program()))
            .anyMatch(Files::exists),
        program() + " is not installed");
  }

  @AfterEach
  void close() throws Exception {
    for (Process proxy : started) {
      proxy.destroy();
      assertThat(proxy.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    journey.close();
  }

  @Test
  void calls_pass_while_each_node_is_restarted_in_turn_and_streams_arrive_in_pieces()
      throws Exception {
    Ports ports = Ports.free();
    Node first = start(ONE, ports);
    Node second = start(OTHER, ports);
    Api alice = journey.user(first, "alice");
    journey.service(alice, "alice/lent");
    URI proxy = startProxy(ports);
    Api throughProxy = new Api(proxy, proxy, alice.token(), answer -> {});
    Eventually.holds(
        Duration.ofSeconds(20),
        () -> throughProxy.get("/v1/llm-services/alice/lent").status() == 200);
    try (OpenStream stream =
        OpenStream.of(throughProxy, "services/alice/lent", OpenStream.ENDLESS)) {
      assertThat(stream.isOver()).isFalse();
    }
    assertWebSocketOpens(throughProxy);
    assertThat(statusAtRoot(proxy, alice.token())).as(this::log).startsWith("HTTP/1.1 200");

    for (int n = 0; n < RESTARTS; n++) {
      boolean even = n % 2 == 0;
      journey.stop(even ? first : second);
      assertAnswered(throughProxy);
      Node again = start(even ? ONE : OTHER, ports);
      first = even ? again : first;
      second = even ? second : again;
      assertAnswered(throughProxy);
    }
  }

  private static void assertWebSocketOpens(Api caller) {
    HttpClient client = HttpClient.newHttpClient();
    try {
      WebSocket opened =
          client
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + caller.token())
              .buildAsync(
                  URI.create(
                      caller.gateway().toString().replace("http:", "ws:")
                          + "/gateway/services/alice/lent/responses"),
                  new WebSocket.Listener() {})
              .join();
      assertThat(opened.isInputClosed()).isFalse();
      opened.abort();
    } finally {
      client.shutdownNow();
    }
  }

  /** Lists models by the second name, at a path that the API does not have there. */
  private static String statusAtRoot(URI proxy, String token) throws IOException {
    try (Socket socket = new Socket(proxy.getHost(), proxy.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET /openai/v1/models HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"
                      + "Connection: close\r\n\r\n")
                  .formatted(GATEWAY_NAME, token)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertAnswered(Api caller) {
    for (int n = 0; n < CALLS; n++) {
      assertThat(caller.embed("alice/lent").status()).as(this::log).isEqualTo(200);
    }
  }

  private Node start(String host, Ports ports) {
    Map<String, String> environment = journey.environment();
    environment.put("CLAVIGER_HOST", host);
    environment.put("CLAVIGER_PORT", Integer.toString(ports.api()));
    environment.put("CLAVIGER_GATEWAY_PORT", Integer.toString(ports.gateway()));
    environment.put("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1");
    environment.put("CLAVIGER_DRAIN_SECONDS", Integer.toString(drainSeconds()));
    return journey.startNode(environment);
  }

  private URI startProxy(Ports ports) throws IOException {
    Matcher block =
        Pattern.compile("```" + language() + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT));
    assertThat(block.find()).isTrue();
    int port = Ports.free().api();
    String site =
        block
            .group(1)
            .replace("10.1.0.1", ONE)
            .replace("10.1.0.2", OTHER)
            .replace("8081", Integer.toString(ports.gateway()))
            .replace("8080", Integer.toString(ports.api()));
    Path file = directory.resolve("proxy.conf");
    Files.writeString(file, configuration(site, port, directory));
    ProcessBuilder builder =
        new ProcessBuilder(command(file, directory))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("proxy.out").toFile());
    builder.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
    builder.environment().put("HOME", directory.toString());
    started.add(builder.start());
    Eventually.holds(Duration.ofSeconds(20), () -> listens(port));
    return URI.create("http://127.0.0.1:" + port);
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("proxy.out"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Two ports that were free a moment ago: a node that starts again needs the ones it had. */
  private record Ports(int api, int gateway) {
    static Ports free() throws IOException {
      try (ServerSocket api = new ServerSocket(0);
          ServerSocket gateway = new ServerSocket(0)) {
        return new Ports(api.getLocalPort(), gateway.getLocalPort());
      }
    }
  }
}
