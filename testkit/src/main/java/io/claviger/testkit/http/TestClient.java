package io.claviger.testkit.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP client that calls one server. The client does not follow redirects. A call fails with an
 * {@link UncheckedIOException} if the connection breaks, or if the response has not begun within 30
 * seconds.
 *
 * <p>Headers of a call replace the client's headers with the same names.
 */
public final class TestClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final HttpClient SHARED = newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String origin;
  private final HttpClient http;
  private final List<String> headers;

  private TestClient(String origin, HttpClient http, List<String> headers) {
    this.origin = origin;
    this.http = http;
    this.headers = headers;
  }

  /** Returns a client that shares its connections with all other clients from this method. */
  public static TestClient of(URI server) {
    return of(server, SHARED);
  }

  /** Returns a client that uses the connections of this HTTP client. */
  public static TestClient of(URI server, HttpClient http) {
    return new TestClient(server.getScheme() + "://" + server.getRawAuthority(), http, List.of());
  }

  /** Returns a new HTTP client that speaks HTTP/1.1 and has its own connections. */
  public static HttpClient newHttpClient() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Returns a client for the same server that also sends this header with each call. */
  public TestClient with(String header, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    more.add(value);
    return new TestClient(origin, http, List.copyOf(more));
  }

  /** Returns a client for the same server that also sends this access token with each call. */
  public TestClient withToken(String token) {
    return with("Authorization", "Bearer " + token);
  }

  public TestResponse get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  public TestResponse delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  /**
   * Sends JSON.
   *
   * @param json a JSON text, or a value that the client writes as JSON
   */
  public TestResponse json(String method, String path, Object json) {
    String text = json instanceof String given ? given : JSON.writeValueAsString(json);
    return with("Content-Type", "application/json")
        .send(method, path, BodyPublishers.ofString(text));
  }

  /**
   * Sends a multipart form with {@code POST}. In the form's text, {@code --x} separates the parts.
   */
  public TestResponse form(String path, String parts) {
    return send(
        "POST",
        path,
        BodyPublishers.ofString(parts),
        "Content-Type",
        "multipart/form-data; boundary=x");
  }

  /**
   * Sends a body.
   *
   * @param headers alternating names and values of headers
   */
  public TestResponse send(String method, String path, BodyPublisher body, String... headers) {
    return new TestResponse(
        exchange(request(method, path, body, headers), BodyHandlers.ofString()));
  }

  /**
   * Sends a body, and returns without waiting for the response. The future completes with an
   * exception if the connection breaks.
   */
  public CompletableFuture<TestResponse> sendAsync(
      String method, String path, BodyPublisher body, String... headers) {
    return http.sendAsync(request(method, path, body, headers), BodyHandlers.ofString())
        .thenApply(TestResponse::new);
  }

  /**
   * Sends a body, and returns as soon as the response has begun. The caller must close the stream
   * of the response.
   */
  public HttpResponse<InputStream> stream(
      String method, String path, BodyPublisher body, String... headers) {
    return exchange(request(method, path, body, headers), BodyHandlers.ofInputStream());
  }

  private HttpRequest request(
      String method, String path, BodyPublisher body, String... callHeaders) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path)).timeout(TIMEOUT).method(method, body);
    TreeSet<String> replaced = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < callHeaders.length; i += 2) {
      replaced.add(callHeaders[i]);
      request.header(callHeaders[i], callHeaders[i + 1]);
    }
    for (int i = 0; i < headers.size(); i += 2) {
      if (!replaced.contains(headers.get(i))) {
        request.header(headers.get(i), headers.get(i + 1));
      }
    }
    return request.build();
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
