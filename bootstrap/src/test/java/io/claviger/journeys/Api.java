package io.claviger.journeys;

import io.claviger.bootstrap.cli.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody who calls the API and the gateway with one access token.
 *
 * @param heard is told of every answer, headers and body
 */
public record Api(URI api, URI gateway, String token, Consumer<String> heard) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Map<String, Object> HELLO =
      Map.of("model", "text-embedding-3-small", "input", "Hello");

  /** The same caller at another node. */
  Api at(RunningServer node) {
    return new Api(node.api(), node.gateway(), token, heard);
  }

  Api holding(String otherToken) {
    return new Api(api, gateway, otherToken, heard);
  }

  Reply get(String path) {
    return send("GET", api.resolve(path), "");
  }

  Reply delete(String path) {
    return send("DELETE", api.resolve(path), "");
  }

  public Reply put(String path, Map<String, ?> json) {
    return send("PUT", api.resolve(path), JSON.writeValueAsString(json));
  }

  Reply post(String path, Map<String, ?> json) {
    return send("POST", api.resolve(path), JSON.writeValueAsString(json));
  }

  Reply patch(String path, Map<String, ?> json) {
    return send("PATCH", api.resolve(path), JSON.writeValueAsString(json));
  }

  /** Stores a key of one's own for a service, which stands at that endpoint. */
  Reply storeKey(String service, String endpoint, String key) {
    return put(
        "/v1/llm-services/" + service + "/user-key", Map.of("endpoint", endpoint, "api_key", key));
  }

  /** Which key a call of one's own would use, or why none. */
  String keyOf(String service) {
    Reply told = get("/v1/llm-services/" + service + "/key-resolution").isStatus(200);
    return told.at("/source").isNull() ? told.text("/reason") : told.text("/source");
  }

  Reply check(String service) {
    return send("POST", api.resolve("/v1/llm-services/" + service + "/check"), "");
  }

  /** Checks all that one can use. */
  Reply checkAll(String user) {
    return send("POST", api.resolve("/v1/llm-services/" + user + "/_check"), "");
  }

  /** One's default service as things stand, {@code null} where there is none. */
  @Nullable String defaultService(String user) {
    Reply told = get("/v1/users/" + user + "/default-service");
    return told.status() == 404 ? null : told.isStatus(200).text("/service");
  }

  Reply chooseDefault(String user, String service) {
    return put("/v1/users/" + user + "/default-service", Map.of("service", service));
  }

  /** Gives somebody a role on a service. */
  public Reply share(String service, String user, String role) {
    return put("/v1/llm-services/" + service + "/shares/" + user, Map.of("role", role));
  }

  /** Asks a service for an embedding. */
  Reply embed(String service) {
    return embed(service, HELLO);
  }

  /** Asks a service for its provider's models, by the shortest call there is. */
  Reply models(String service) {
    return send("GET", gateway.resolve("/gateway/services/" + service + "/models"), "");
  }

  Reply embed(String service, Map<String, ?> json) {
    return call(service, "embeddings", json);
  }

  Reply call(String service, String operation, Map<String, ?> json) {
    return send(
        "POST",
        gateway.resolve("/gateway/services/" + service + "/" + operation),
        JSON.writeValueAsString(json));
  }

  /** Asks for an embedding, or what else, through a project. */
  Reply callProject(String project, String operation) {
    return send(
        "POST",
        gateway.resolve("/gateway/projects/" + project + "/" + operation),
        JSON.writeValueAsString(HELLO));
  }

  private Reply send(String method, URI uri, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      heard.accept(response.headers().map() + "\n" + response.body());
      return new Reply(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
