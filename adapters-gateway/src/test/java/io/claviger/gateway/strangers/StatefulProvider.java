package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.stub.StubProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;

/** Sends what has been judged on to the stub provider, which keeps what is stored. */
final class StatefulProvider implements AutoCloseable {
  private static final Set<String> REPLACED =
      Set.of("transfer-encoding", "content-length", "authorization", "x-api-key", "x-goog-api-key");

  private final String account;
  private final Socket socket;
  private final MessageStream stream;

  /**
   * @param account the name of an account that nothing is stored in
   */
  StatefulProvider(StubProvider stub, String account) throws IOException {
    this.account = account;
    socket = new Socket(InetAddress.getLoopbackAddress(), stub.port());
    socket.setTcpNoDelay(true);
    stream = new MessageStream(socket);
  }

  SharedAccounts.Answer answer(String format, Judge.Arrival arrival) throws IOException {
    StringBuilder head = new StringBuilder(arrival.method());
    head.append(format.equals("openai") ? " /v1/" : " /").append(arrival.path());
    if (!arrival.query().isEmpty()) {
      head.append('?').append(arrival.query());
    }
    head.append(" HTTP/1.1\r\n");
    arrival
        .fields()
        .forEach(
            (name, value) -> {
              if (!REPLACED.contains(name)) {
                head.append(name).append(": ").append(value).append("\r\n");
              }
            });
    head.append(
            switch (format) {
              case "anthropic" -> "x-api-key: ";
              case "gemini" -> "x-goog-api-key: ";
              default -> "authorization: Bearer ";
            })
        .append(account)
        .append("\r\n");
    head.append("content-length: ").append(arrival.body().length).append("\r\n\r\n");
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.toString().getBytes(ISO_8859_1));
    request.writeBytes(arrival.body());
    socket.getOutputStream().write(request.toByteArray());
    MessageStream.Received answer = stream.read(arrival.method().equals("HEAD"));
    return new SharedAccounts.Answer(
        answer.startLine().substring(9),
        answer.fields().getOrDefault("content-type", "application/json"),
        answer.body());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
