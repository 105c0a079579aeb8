package io.claviger.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A client that reads a streamed chat from a socket. The JDK's client may drop the last bytes when
 * a stream breaks.
 */
public final class OpenStream implements AutoCloseable {
  /** Reads until the connection ends. */
  public static final String ENDLESS = "stub-chunk-delay-20-count-100000";

  private final Api caller;
  private final Socket socket;
  private final InputStream in;
  private final Queue<String> read = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  private OpenStream(Api caller, Socket socket) throws IOException {
    this.caller = caller;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    String status = line();
    if (!status.startsWith("HTTP/1.1 200 ")) {
      throw new AssertionError("no stream: " + status);
    }
    for (String header = line(); !header.isEmpty(); header = line()) {
      caller.responses().accept(header);
    }
    this.reader = Thread.startVirtualThread(this::read);
  }

  public static OpenStream of(Api caller, String path, String model) {
    URI gateway = caller.gateway();
    String body =
        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
            .formatted(model);
    String request =
        "POST /gateway/%s/chat/completions HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, gateway.getAuthority(), caller.token(), body.length(), body);
    try {
      Socket socket = new Socket(gateway.getHost(), gateway.getPort());
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new OpenStream(caller, socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Chunks (RFC 9112, 7.1), until the last one or a break. */
  private void read() {
    try {
      for (int size = size(); size > 0; size = size()) {
        read.add(new String(in.readNBytes(size), UTF_8));
        String unused = line();
      }
      read.add("<end>");
    } catch (IOException broken) {
      read.add("<broken>");
    }
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  boolean isOver() {
    return !reader.isAlive();
  }

  /** What has been received so far, and how the stream has ended if it has. */
  String text() {
    return String.join("", read);
  }

  /** The received text is searched for keys, as all responses are. */
  @Override
  public void close() {
    caller.responses().accept(text());
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
