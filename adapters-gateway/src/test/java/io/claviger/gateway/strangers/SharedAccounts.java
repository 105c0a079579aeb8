package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.LoopbackServer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A provider that hands each request to the account whose name its path begins with, and answers
 * what the account says.
 */
final class SharedAccounts implements AutoCloseable {
  /** How many requests the account may still send, as the answers state. */
  static final String REMAINING = "4711";

  /** What the provider does with a request. */
  interface Endpoint {
    Answer answer(Judge.Arrival arrival) throws IOException;
  }

  /** What the provider answers. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  record Answer(String status, String contentType, byte[] body) {
    /** An answer of success: events, or JSON. */
    static Answer ok(String body) {
      boolean events = body.startsWith("data:") || body.startsWith("event:");
      return new Answer(
          "200 OK", events ? "text/event-stream" : "application/json", body.getBytes(UTF_8));
    }
  }

  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final LoopbackServer server = new LoopbackServer(this::serve);

  int port() {
    return server.port();
  }

  void open(String name, Endpoint endpoint) {
    endpoints.put(name, endpoint);
  }

  private void serve(Socket socket) throws IOException {
    MessageStream stream = new MessageStream(socket);
    try {
      while (true) {
        MessageStream.Received request = stream.read(false);
        String[] line = request.startLine().split(" ");
        int query = line[1].indexOf('?');
        String path = query < 0 ? line[1] : line[1].substring(0, query);
        int slash = path.indexOf('/', 1);
        Judge.Arrival arrival =
            new Judge.Arrival(
                line[0],
                path.substring(slash + 1),
                query < 0 ? "" : line[1].substring(query + 1),
                request.fields(),
                request.body());
        Endpoint endpoint = endpoints.get(path.substring(1, slash));
        Answer said = endpoint == null ? Answer.ok("{}") : endpoint.answer(arrival);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(
            ("HTTP/1.1 "
                    + said.status()
                    + "\r\nContent-Type: "
                    + said.contentType()
                    + "\r\nX-RateLimit-Remaining-Requests: "
                    + REMAINING
                    + "\r\nAnthropic-RateLimit-Requests-Remaining: "
                    + REMAINING
                    + "\r\nContent-Length: "
                    + said.body().length
                    + "\r\n\r\n")
                .getBytes(UTF_8));
        if (!line[0].equals("HEAD")) {
          answer.writeBytes(said.body());
        }
        socket.getOutputStream().write(answer.toByteArray());
      }
    } catch (EOFException end) {
      // The gateway needs the connection no more.
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
