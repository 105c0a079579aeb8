package io.claviger.gateway.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.definitions.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A provider in OpenAI's format that answers requests for embeddings immediately, and requests for
 * completions with a stream.
 */
final class WarmUpProvider implements Closeable {
  private static final int BACKLOG = 128;
  private static final int EVENTS = 8;
  private static final byte[] EMBEDDINGS = embeddings();
  private static final byte[] STREAM_HEAD =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Transfer-Encoding: chunked\r
      \r
      """
          .getBytes(US_ASCII);
  private static final byte[] EVENT =
      chunk(
          """
          data: {"object": "chat.completion.chunk", "model": "warm-up", \
          "choices": [{"index": 0, "delta": {"content": "warm"}}]}

          """);
  private static final byte[] LAST_EVENTS =
      chunk(
          """
          data: {"object": "chat.completion.chunk", "model": "warm-up", "choices": [], \
          "usage": {"prompt_tokens": 250, "completion_tokens": 8, "total_tokens": 258}}

          data: [DONE]

          """);
  private static final byte[] END = chunk("");

  private final ServerSocket server;

  private WarmUpProvider(ServerSocket server) {
    this.server = server;
  }

  /** Listens on the loopback address. */
  static WarmUpProvider listen() throws IOException {
    WarmUpProvider provider =
        new WarmUpProvider(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    Thread unusedThread = Thread.ofVirtual().name("warm-up-provider").start(provider::accept);
    return provider;
  }

  Endpoint endpoint() {
    return Endpoint.of("http://" + authority() + "/v1");
  }

  /** Returns the address at which this provider listens, as {@code host:port}. */
  String authority() {
    return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  /** Accepts no more connections. A connection ends when the gateway closes it. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket accepted = server.accept();
        Thread unusedThread = Thread.ofVirtual().start(() -> answerAll(accepted));
      } catch (IOException e) {
        // The server was closed, or the gateway has closed a connection that was not yet accepted.
      }
    }
  }

  private static void answerAll(Socket accepted) {
    try (WarmUpConnection connection = new WarmUpConnection(accepted)) {
      while (true) {
        if (connection.readMessage().contains("completions ")) {
          stream(connection);
        } else {
          connection.write(EMBEDDINGS);
        }
      }
    } catch (IOException e) {
      // The gateway has closed the connection.
    }
  }

  private static void stream(WarmUpConnection connection) throws IOException {
    connection.write(STREAM_HEAD);
    for (int event = 0; event < EVENTS; event++) {
      connection.write(EVENT);
    }
    connection.write(LAST_EVENTS);
    connection.write(END);
  }

  private static byte[] embeddings() {
    String body =
        """
        {"object": "list", "model": "warm-up", "data": [{"object": "embedding", "index": 0, \
        "embedding": [%s0.25]}], "usage": {"prompt_tokens": 250, "total_tokens": 250}}\
        """
            .formatted("0.0123, -0.0456, ".repeat(32));
    return """
    HTTP/1.1 200 OK\r
    Content-Type: application/json\r
    Content-Length: %s\r
    \r
    %s\
    """
        .formatted(body.length(), body)
        .getBytes(US_ASCII);
  }

  private static byte[] chunk(String text) {
    return "%x\r\n%s\r\n".formatted(text.length(), text).getBytes(US_ASCII);
  }
}
