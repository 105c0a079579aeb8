package io.claviger.stub;

import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the stub, with its own connections. Like the JDK's client, it offers HTTP/2. */
final class Caller implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http;
  private final TestClient client;

  Caller(StubProvider stub) {
    this(stub, HttpClient.newHttpClient());
  }

  Caller(StubProvider stub, HttpClient http) {
    this.http = http;
    this.client = TestClient.of(URI.create(stub.baseUrl()), http);
  }

  TestResponse post(String path, String body, String... headers) {
    return post(path, BodyPublishers.ofString(body), headers);
  }

  TestResponse post(String path, BodyPublisher body, String... headers) {
    return client.send("POST", path, body, headers);
  }

  TestResponse get(String path, String... headers) {
    return client.get(path, headers);
  }

  TestResponse put(String path) {
    return client.send("PUT", path, BodyPublishers.noBody());
  }

  TestResponse delete(String path, String... headers) {
    return client.send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  /**
   * Sends a form with one file.
   *
   * @param field the name of the part with the file
   * @param fields the other parts: name, value, name, value and so on
   */
  TestResponse upload(String path, String field, String name, String content, String... fields) {
    return client.send(
        "POST",
        path,
        BodyPublishers.ofString(form(field, name, content, fields)),
        "content-type",
        "multipart/form-data; boundary=b");
  }

  static String form(String field, String name, String content, String... fields) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      form.append(
          "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(fields[i], fields[i + 1]));
    }
    return form.append(
            "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                .formatted(field, name))
        .append("Content-Type: text/plain\r\n\r\n" + content + "\r\n--b--\r\n")
        .toString();
  }

  /** Returns the response as soon as it has begun. */
  HttpResponse<InputStream> stream(String path, String body) {
    return client.stream("POST", path, BodyPublishers.ofString(body));
  }

  JsonNode json(String path, String body, String... headers) {
    return post(path, body, headers).json();
  }

  static JsonNode json(TestResponse response) {
    return response.json();
  }

  static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  /** Returns the data of the server-sent events of a stream. */
  static List<String> data(TestResponse response) {
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .toList();
  }

  /** Returns the events of a stream, without OpenAI's last event, which is not JSON. */
  static List<JsonNode> events(TestResponse response) {
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
