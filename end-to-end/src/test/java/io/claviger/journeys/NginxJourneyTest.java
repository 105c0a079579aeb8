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
 * Two nodes behind the configuration of nginx that {@code docs/operations.md} shows. Only addresses
 * and TLS are replaced.
 */
class NginxJourneyTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
  private static final Pattern BLOCK = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);
  private static final int RESTARTS = 4;
  private static final int CALLS = 20;

  @TempDir private Path directory = Path.of("");
  private final Journey journey = new Journey();
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void demandNginx() {
    assumeTrue(
        Stream.of("/usr/sbin/nginx", "/usr/bin/nginx").map(Path::of).anyMatch(Files::exists),
        "nginx is not installed");
  }

  @AfterEach
  void close() throws Exception {
    for (Process nginx : started) {
      nginx.destroy();
      assertThat(nginx.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    journey.close();
  }

  @Test
  void calls_pass_while_each_node_is_restarted_in_turn_and_streams_arrive_in_pieces()
      throws Exception {
    Ports one = Ports.free();
    Ports other = Ports.free();
    Node first = start(one);
    Node second = start(other);
    Api alice = journey.user(first, "alice");
    journey.service(alice, "alice/lent");
    URI proxy = nginx(one, other);
    Api throughProxy = new Api(proxy, proxy, alice.token(), answer -> {});
    assertThat(throughProxy.get("/v1/llm-services/alice/lent").status()).isEqualTo(200);
    try (OpenStream stream =
        OpenStream.of(throughProxy, "services/alice/lent", OpenStream.ENDLESS)) {
      assertThat(stream.isOver()).isFalse();
    }

    for (int n = 0; n < RESTARTS; n++) {
      boolean even = n % 2 == 0;
      journey.stop(even ? first : second);
      assertAnswered(throughProxy);
      Node again = start(even ? one : other);
      first = even ? again : first;
      second = even ? second : again;
      assertAnswered(throughProxy);
    }
  }

  private void assertAnswered(Api caller) {
    for (int n = 0; n < CALLS; n++) {
      assertThat(caller.embed("alice/lent").status()).as(this::log).isEqualTo(200);
    }
  }

  private Node start(Ports ports) {
    Map<String, String> environment = journey.environment();
    environment.put("CLAVIGER_PORT", Integer.toString(ports.api()));
    environment.put("CLAVIGER_GATEWAY_PORT", Integer.toString(ports.gateway()));
    environment.put("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1");
    environment.put("CLAVIGER_DRAIN_SECONDS", "1");
    return journey.startNode(environment);
  }

  private URI nginx(Ports one, Ports other) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(DOCUMENT));
    assertThat(block.find()).isTrue();
    int port = Ports.free().api();
    String site =
        block
            .group(1)
            .replace("10.1.0.1:8081", "127.0.0.1:" + one.gateway())
            .replace("10.1.0.2:8081", "127.0.0.1:" + other.gateway())
            .replace("10.1.0.1:8080", "127.0.0.1:" + one.api())
            .replace("10.1.0.2:8080", "127.0.0.1:" + other.api())
            .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";")
            .replaceAll("ssl_certificate[^;]*;", "");
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        worker_processes 1;
        user root;
        error_log %1$s/error.log;
        pid %1$s/nginx.pid;
        events { worker_connections 256; }
        http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        %2$s
        }
        """
            .formatted(directory, site));
    ProcessBuilder builder =
        new ProcessBuilder("nginx", "-c", configuration.toString(), "-e", directory + "/error.log")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("nginx.out").toFile());
    builder.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
    started.add(builder.start());
    Eventually.holds(Duration.ofSeconds(20), () -> listens(port));
    return URI.create("http://127.0.0.1:" + port);
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("error.log"));
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
      try (ServerSocket api = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return new Ports(api.getLocalPort(), gateway.getLocalPort());
      }
    }
  }
}
