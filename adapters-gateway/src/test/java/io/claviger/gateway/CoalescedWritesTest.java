package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A small body is sent together with its head, in both directions. Two writes would cost a third of
 * a call's time.
 */
class CoalescedWritesTest {
  private static final String KNOWN = "clv_known";
  private static final int CALLS = 20;
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\n"
          + "Content-Type: application/json\r\n"
          + "Content-Length: 11\r\n\r\n"
          + "{\"data\":[]}";

  private static final String EVENTS =
      chunk("data: {\"choices\":[{\"delta\":{\"content\":\"piece\"}}]}\n\n").repeat(9)
          + chunk("data: [DONE]\n\n")
          + "0\r\n\r\n";

  private static final String STREAM =
      "HTTP/1.1 200 OK\r\n"
          + "Content-Type: text/event-stream\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          + EVENTS;

  private final Rig rig = new Rig();
  private final List<String> read = new CopyOnWriteArrayList<>();
  private final ServerSocket provider = listening();

  private static ServerSocket listening() {
    try {
      return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void lend() {
    rig.authorizer.grantAtOnce(
        KNOWN, TestService.at("http://127.0.0.1:" + provider.getLocalPort(), WireFormat.OPENAI));
    Thread unused = Thread.startVirtualThread(this::serve);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
    provider.close();
  }

  /** Answers everything that arrives with one read. */
  private void serve() {
    try (Socket socket = provider.accept()) {
      String request = oneRead(socket.getInputStream());
      while (!request.isEmpty()) {
        read.add(request);
        String answer = request.contains("/chat/completions ") ? STREAM : ANSWER;
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        request = oneRead(socket.getInputStream());
      }
    } catch (IOException over) {
      // The test is over.
    }
  }

  private static String oneRead(InputStream in) throws IOException {
    byte[] bytes = new byte[64 << 10];
    return new String(bytes, 0, Math.max(0, in.read(bytes)), ISO_8859_1);
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String request(String operation, String body) {
    return "POST /gateway/services/alice/my-openai/"
        + operation
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
        + KNOWN
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void a_request_and_an_answer_take_one_segment_each() throws IOException {
    String body = Rig.embedding("m");
    String request = request("embeddings", body);
    try (RawCaller caller = new RawCaller(rig)) {
      for (int i = 0; i < CALLS; i++) {
        caller.send(request);
        assertThat(oneRead(caller.socket().getInputStream()))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .endsWith("\r\n\r\n{\"data\":[]}");
      }
    }
    assertThat(read).hasSize(CALLS).allSatisfy(r -> assertThat(r).endsWith(body));
  }

  @Test
  void events_that_arrive_together_leave_together() throws IOException {
    String request = request("chat/completions", "{\"model\":\"m\",\"stream\":true}");
    try (RawCaller caller = new RawCaller(rig)) {
      for (int i = 0; i < CALLS; i++) {
        caller.send(request);
        assertThat(oneRead(caller.socket().getInputStream()))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .endsWith("\r\n\r\n" + EVENTS);
      }
    }
  }
}
