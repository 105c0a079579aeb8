package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.testkit.http.FuzzRun;
import io.claviger.testkit.http.Message;
import io.claviger.testkit.http.StrictReader;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32;

/**
 * A provider that reads strictly by RFC 9112 and answers with what it read, so that a caller can
 * tell whether an answer belongs to their own request.
 */
final class EchoProvider implements AutoCloseable {
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final LoopbackServer server = new LoopbackServer(this::serve);

  int port() {
    return server.port();
  }

  /** Returns what was wrong with the received bytes. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Returns the expected answer to a request. */
  static String echo(String method, String below, byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(body);
    return "%s %s %d %08x".formatted(method, below, body.length, sum.getValue());
  }

  private void serve(Socket socket) throws IOException {
    byte[] bytes = new byte[1 << 13];
    int length = 0;
    int count = socket.getInputStream().read(bytes, length, bytes.length - length);
    while (count >= 0) {
      length += count;
      switch (StrictReader.request(bytes, 0, length)) {
        case StrictReader.Whole whole -> {
          answer(socket, whole.message());
          int end = whole.message().end();
          System.arraycopy(bytes, end, bytes, 0, length - end);
          length -= end;
          if (length > 0) {
            complaints.add("more than the request: " + FuzzRun.shown(Arrays.copyOf(bytes, length)));
          }
        }
        case StrictReader.Malformed malformed -> {
          complaints.add(malformed + ": " + FuzzRun.shown(Arrays.copyOf(bytes, length)));
          return;
        }
        case StrictReader.Incomplete incomplete -> {
          if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
          }
        }
      }
      count = socket.getInputStream().read(bytes, length, bytes.length - length);
    }
  }

  private void answer(Socket socket, Message request) throws IOException {
    if (!request.values("authorization").equals(List.of("Bearer " + TestService.KEY))) {
      complaints.add("not with the key alone: " + request.fields());
    }
    String target = request.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String echo = echo(request.method(), path.replaceFirst("^/v1/", ""), request.body());
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                    + echo.length()
                    + "\r\n\r\n"
                    + (request.method().equals("HEAD") ? "" : echo))
                .getBytes(US_ASCII));
  }

  @Override
  public void close() {
    server.close();
  }
}
