package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider that answers the head of every request with the same bytes, which need not be valid
 * HTTP.
 */
public final class RawProvider implements AutoCloseable {
  private final AtomicInteger connections = new AtomicInteger();
  private final String answer;
  private final boolean closes;
  private final LoopbackServer server;

  /**
   * @param closes whether it closes after an answer
   */
  public RawProvider(String answer, boolean closes) {
    this.answer = answer;
    this.closes = closes;
    this.server = new LoopbackServer(this::serve);
  }

  public int port() {
    return server.port();
  }

  /** How many connections were opened so far. */
  public int connections() {
    return connections.get();
  }

  private void serve(Socket socket) throws IOException {
    connections.incrementAndGet();
    StringBuilder head = new StringBuilder();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    int next = in.read();
    while (next >= 0) {
      head.append((char) next);
      if (head.indexOf("\r\n\r\n") >= 0) {
        head.setLength(0);
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        if (closes) {
          return;
        }
      }
      next = in.read();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
