package io.claviger.stub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the stub. */
final class Caller implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final StubProvider stub;

  Caller(StubProvider stub) {
    this.stub = stub;
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return http.send(request(path, body, headers), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(stub.baseUrl() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpRequest request(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(stub.baseUrl() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  HttpClient http() {
    return http;
  }

  JsonNode json(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return json(post(path, body, headers));
  }

  static JsonNode json(HttpResponse<String> response) {
    return MAPPER.readTree(response.body());
  }

  static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  /** What stands behind {@code data:} in a stream of server-sent events. */
  static List<String> data(HttpResponse<String> response) {
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .toList();
  }

  /** The events of a stream but for OpenAI's last, which is no JSON. */
  static List<JsonNode> events(HttpResponse<String> response) {
    return data(response).stream()
        .filter(data -> !data.equals("[DONE]"))
        .map(Caller::json)
        .toList();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
