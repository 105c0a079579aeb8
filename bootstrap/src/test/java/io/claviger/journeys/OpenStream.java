package io.claviger.journeys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A streamed chat that somebody reads; its first event has come. */
final class OpenStream implements AutoCloseable {
  /** Until it is broken off. */
  static final String ENDLESS = "stub-chunk-delay-20-count-100000";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final InputStream body;
  private final Thread reader;
  private final Queue<String> read = new ConcurrentLinkedQueue<>();

  private OpenStream(InputStream body) {
    this.body = body;
    this.reader = Thread.startVirtualThread(this::read);
  }

  static OpenStream of(Api caller, String path, String model) {
    URI uri = caller.gateway().resolve("/gateway/" + path + "/chat/completions");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + caller.token())
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                        .formatted(model)))
            .build();
    try {
      HttpResponse<InputStream> answer = HTTP.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new AssertionError("no stream: " + answer.statusCode());
      }
      return new OpenStream(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    byte[] buffer = new byte[1 << 12];
    try {
      int count = body.read(buffer);
      while (count >= 0) {
        read.add(new String(buffer, 0, count, StandardCharsets.UTF_8));
        count = body.read(buffer);
      }
      read.add("<end>");
    } catch (IOException broken) {
      read.add("<broken>");
    }
  }

  boolean isOver() {
    return !reader.isAlive();
  }

  /** What has come so far, with how it ended where it has. */
  String text() {
    return String.join("", read);
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
