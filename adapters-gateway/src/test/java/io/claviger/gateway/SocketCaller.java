package io.claviger.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A caller of a WebSocket, with the JDK's client, and the messages that it got. */
final class SocketCaller implements WebSocket.Listener, AutoCloseable {
  private static final long BETWEEN_SOUNDS_NANOS = 20_000_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final StringBuilder begun = new StringBuilder();
  private final WebSocket socket;

  /**
   * @param path of the gateway, with its query
   * @param headers names and values besides the token
   */
  SocketCaller(Rig rig, String path, String... headers) {
    WebSocket.Builder builder =
        HTTP.newWebSocketBuilder().header("Authorization", "Bearer " + Rig.TOKEN);
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket =
        builder.buildAsync(URI.create((rig.origin() + path).replace("http:", "ws:")), this).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket of, CharSequence data, boolean last) {
    return add(of, data, last);
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket of, ByteBuffer data, boolean last) {
    return add(of, StandardCharsets.UTF_8.decode(data), last);
  }

  private CompletionStage<?> add(WebSocket of, CharSequence data, boolean last) {
    begun.append(data);
    if (last) {
      messages.add(begun.toString());
      begun.setLength(0);
    }
    of.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket of, int code, String reason) {
    closed.complete(code + " " + reason);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket of, Throwable error) {
    closed.complete("broken");
  }

  SocketCaller send(String message) {
    WebSocket unused = socket.sendText(message, true).join();
    return this;
  }

  /** From now on, sends a message again and again until the end, as a microphone does. */
  void keepSending(String message) {
    Thread.startVirtualThread(
        () -> {
          while (!socket.isOutputClosed()) {
            WebSocket unused = socket.sendText(message, true).exceptionally(end -> socket).join();
            LockSupport.parkNanos(BETWEEN_SOUNDS_NANOS);
          }
        });
  }

  SocketCaller sendBinary(String message) {
    WebSocket unused =
        socket.sendBinary(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), true).join();
    return this;
  }

  List<String> messages() {
    return messages;
  }

  /** Awaits this many messages, and returns the last of them. */
  String message(int number) {
    Rig.await(() -> messages.size() >= number);
    return messages.get(number - 1);
  }

  /** Awaits this many messages that contain a text, and returns the last of them. */
  String await(int count, String text) {
    Predicate<String> wanted = each -> each.contains(text);
    Rig.await(() -> messages.stream().filter(wanted).count() >= count || closed.isDone());
    List<String> found = messages.stream().filter(wanted).toList();
    if (found.size() < count) {
      throw new AssertionError("got " + messages + ", closed " + closed.getNow("not"));
    }
    return found.get(count - 1);
  }

  /** The code and reason with which the gateway has closed. */
  String closing() {
    Rig.await(closed::isDone);
    return closed.join();
  }

  /** Returns the status and reason with which the gateway closes, once it has closed. */
  CompletableFuture<String> closed() {
    return closed;
  }

  /** Ends the connection as a caller does who needs no more. */
  void leave(String reason) {
    WebSocket unused = socket.sendClose(WebSocket.NORMAL_CLOSURE, reason).join();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
