package io.claviger.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.faults.ClientFault;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that begin an answer and do not end it. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StalledAnswerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private ServerSocket server;

  /** Writes the body of an answer. */
  private interface Body {
    void to(OutputStream out) throws IOException, InterruptedException;
  }

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Api answering(String type, Body body) {
    var unused = Thread.ofVirtual().start(() -> answer(type, body));
    return Api.hurried(
        URI.create("http://127.0.0.1:" + server.getLocalPort()),
        new Api.Fixed(Optional.empty()),
        PATIENCE);
  }

  /** Answers one request, and closes the connection only after the caller does. */
  private void answer(String type, Body body) {
    try (Socket caller = server.accept()) {
      OutputStream out = caller.getOutputStream();
      String head = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: 30000000\r\n\r\n";
      out.write(head.formatted(type).getBytes(StandardCharsets.US_ASCII));
      body.to(out);
      byte[] unused = caller.getInputStream().readAllBytes();
    } catch (IOException | InterruptedException e) {
      // The caller is gone.
    }
  }

  @Test
  void a_body_that_stops_is_not_awaited_forever() {
    try (Api api = answering("application/json", out -> out.write('{'))) {
      assertThatThrownBy(() -> api.get("/v1"))
          .isInstanceOf(ClientFault.class)
          .hasMessageContaining("does not answer: the rest of its answer does not arrive");
    }
  }

  @Test
  void a_body_that_trickles_is_not_awaited_forever() {
    Body trickling =
        out -> {
          while (true) {
            out.write(' '); // fails as soon as the caller has gone
          }
        };
    try (Api api = answering("application/json", trickling)) {
      assertThatThrownBy(() -> api.get("/v1"))
          .isInstanceOf(ClientFault.class)
          .hasMessageContaining("the rest of its answer does not arrive");
    }
  }

  @Test
  void a_file_may_take_long_but_has_to_arrive() {
    String file = downloadedSlowly();
    // A busy machine may pause for longer than the client's patience.
    for (int more = 0; more < 2 && !file.matches("x+last"); more++) {
      file = downloadedSlowly();
    }

    assertThat(file).matches("x+last");
  }

  /** The received part of a file, if the next bytes take longer than the client waits. */
  private String downloadedSlowly() {
    long end = System.nanoTime() + PATIENCE.multipliedBy(3).toNanos();
    Semaphore arrived = new Semaphore(1);
    StringWriter file =
        new StringWriter() {
          @Override
          public void write(char[] text, int from, int length) {
            super.write(text, from, length);
            arrived.release();
          }
        };
    Body slow =
        out -> {
          while (System.nanoTime() < end) {
            arrived.acquire();
            out.write('x');
          }
          out.write("last".getBytes(StandardCharsets.US_ASCII));
        };
    try (Api api = answering("text/csv", slow)) {
      assertThatThrownBy(() -> api.download("/v1/usage/focus", file))
          .isInstanceOf(ClientFault.class)
          .hasMessageContaining("the rest of its answer does not arrive");
    }
    return file.toString();
  }

  @Tag("thorough")
  @Test
  void a_file_may_be_written_slowly() {
    StringWriter file =
        new StringWriter() {
          @Override
          public void write(char[] text, int from, int length) {
            long end = System.nanoTime() + PATIENCE.multipliedBy(2).toNanos();
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
            super.write(text, from, length);
          }
        };
    byte[] rows = "row\n".repeat(5000).getBytes(StandardCharsets.US_ASCII);
    try (Api api = answering("text/csv", out -> out.write(rows))) {
      assertThatThrownBy(() -> api.download("/v1/usage/focus", file))
          .hasMessageContaining("the rest of its answer does not arrive");
    }
    assertThat(file.toString()).hasSize(rows.length);
  }
}
