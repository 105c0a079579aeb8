package io.claviger.gateway.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.accounts.TokenText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends the calls of the warm-up. Each caller has a connection, and sends one call after the other
 * on it. Most calls request embeddings, and some request streams.
 */
final class WarmUpCallers {
  private static final int ONE_STREAM_OF = 8;
  private static final int INPUT = 950;

  private final InetSocketAddress gateway;
  private final AtomicLong answered = new AtomicLong();
  private final byte[] embeddings;
  private final byte[] stream;

  /**
   * @param path the path of the service at the gateway, without a final slash
   */
  WarmUpCallers(InetSocketAddress gateway, String path, TokenText token) {
    this.gateway = gateway;
    String host = gateway.getHostString() + ":" + gateway.getPort();
    String input = "x".repeat(INPUT);
    embeddings =
        request(
            host,
            path + "/embeddings",
            token,
            """
            {"model": "warm-up", "dimensions": 8, "input": "%s"}\
            """
                .formatted(input));
    stream =
        request(
            host,
            path + "/chat/completions",
            token,
            """
            {"model": "warm-up", "max_tokens": 100, "stream": true, \
            "messages": [{"role": "user", "content": "%s"}]}\
            """
                .formatted(input));
  }

  /**
   * Sends calls for the given time, and then waits until the calls in progress have ended.
   *
   * @return how many calls were answered with status 200
   */
  long callFor(int callers, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < callers; caller++) {
        threads.execute(() -> callUntil(end));
      }
    }
    return answered.get();
  }

  private void callUntil(long end) {
    try (Socket socket = new Socket(gateway.getAddress(), gateway.getPort());
        WarmUpConnection connection = new WarmUpConnection(socket)) {
      for (int call = 1; System.nanoTime() - end < 0; call++) {
        connection.write(call % ONE_STREAM_OF == 0 ? stream : embeddings);
        if (connection.readMessage().startsWith("HTTP/1.1 200 ")) {
          answered.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // The gateway has closed the connection, which can happen on a busy machine. The other
      // callers continue.
    }
  }

  private static byte[] request(String host, String path, TokenText token, String body) {
    return """
    POST %s HTTP/1.1\r
    Host: %s\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %s\r
    \r
    %s\
    """
        .formatted(path, host, token.reveal(), body.length(), body)
        .getBytes(US_ASCII);
  }
}
