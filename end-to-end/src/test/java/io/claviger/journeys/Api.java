package io.claviger.journeys;

import io.claviger.bootstrap.node.RunningServer;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of the API and the gateway with one access token.
 *
 * @param responses receives the headers and the body of every response
 */
public record Api(URI api, URI gateway, String token, Consumer<String> responses) {
  private static final Map<String, Object> HELLO =
      Map.of("model", "text-embedding-3-small", "input", "Hello");

  /** A browser without scripts in which this user has signed in. */
  public FormBrowser signedIn() {
    FormBrowser browser = FormBrowser.of(api);
    TestResponse page = browser.open("/console/sign-in").isStatus(200);
    browser.submit(page, "/console/sign-in/token", Map.of("token", token)).isStatus(303);
    return browser;
  }

  /** Returns this client at another node. */
  public Api at(RunningServer node) {
    return new Api(node.api(), node.gateway(), token, responses);
  }

  public Api holding(String otherToken) {
    return new Api(api, gateway, otherToken, responses);
  }

  public TestResponse get(String path) {
    return send(api, "GET", path);
  }

  public TestResponse delete(String path) {
    return send(api, "DELETE", path);
  }

  public TestResponse put(String path, Map<String, ?> json) {
    return sendJson(api, "PUT", path, json);
  }

  public TestResponse post(String path, Map<String, ?> json) {
    return sendJson(api, "POST", path, json);
  }

  public TestResponse patch(String path, Map<String, ?> json) {
    return sendJson(api, "PATCH", path, json);
  }

  /** Creates a service of OpenAI's format. */
  void putService(String ref, String endpoint, String key) {
    put(
            "/v1/llm-services/" + ref,
            Map.of("definition", "_system/openai-small", "endpoint", endpoint, "api_key", key))
        .isStatus(201);
  }

  /** Offers a service of one's own to somebody else, and lets them accept it. */
  void transfer(String handle, String to, Api recipient) {
    String offer =
        post("/v1/transfers", Map.of("services", List.of(handle), "to", to))
            .isStatus(201)
            .text("/id");
    recipient.post("/v1/transfers/" + offer + "/accept", Map.of()).isStatus(200);
  }

  /**
   * Opens a WebSocket to a service.
   *
   * @param closed gets the code with which the other side closes it
   */
  WebSocket open(HttpClient client, String service, CompletableFuture<Integer> closed) {
    return client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(
            URI.create(
                "%s/gateway/services/%s/responses"
                    .formatted(gateway.toString().replace("http:", "ws:"), service)),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                closed.complete(code);
                return CompletableFuture.completedStage(null);
              }
            })
        .join();
  }

  /** Stores the caller's own key for a service with this endpoint. */
  TestResponse storeKey(String service, String endpoint, String key) {
    return put(
        "/v1/llm-services/" + service + "/user-key", Map.of("endpoint", endpoint, "api_key", key));
  }

  /** The source of the key that the caller's calls would use, or the reason why there is none. */
  String keyOf(String service) {
    TestResponse told = get("/v1/llm-services/" + service + "/key-resolution").isStatus(200);
    return told.at("/source").isNull() ? told.text("/reason") : told.text("/source");
  }

  TestResponse check(String service) {
    return send(api, "POST", "/v1/llm-services/" + service + "/check");
  }

  /** Checks all services that the user can use. */
  TestResponse checkAll(String user) {
    return send(api, "POST", "/v1/llm-services/" + user + "/_check");
  }

  /** The user's current default service, {@code null} if there is none. */
  @Nullable String defaultService(String user) {
    TestResponse told = get("/v1/users/" + user + "/default-service");
    return told.status() == 404 ? null : told.isStatus(200).text("/service");
  }

  TestResponse chooseDefault(String user, String service) {
    return put("/v1/users/" + user + "/default-service", Map.of("service", service));
  }

  /** Gives somebody a role on a service. */
  public TestResponse share(String service, String user, String role) {
    return put("/v1/llm-services/" + service + "/shares/" + user, Map.of("role", role));
  }

  /** Asks a service for an embedding. */
  public TestResponse embed(String service) {
    return embed(service, HELLO);
  }

  /** Asks a service for its provider's models, which is the shortest call. */
  TestResponse models(String service) {
    return send(gateway, "GET", "/gateway/services/" + service + "/models");
  }

  public TestResponse embed(String service, Map<String, ?> json) {
    return call(service, "embeddings", json);
  }

  TestResponse call(String service, String operation, Map<String, ?> json) {
    return sendJson(gateway, "POST", "/gateway/services/" + service + "/" + operation, json);
  }

  /**
   * Calls on a URL that names no service.
   *
   * @param path below {@code /gateway/}
   */
  TestResponse callModel(String path, Map<String, ?> json) {
    return sendJson(gateway, "POST", "/gateway/" + path, json);
  }

  /** Calls a path at the gateway's root. */
  TestResponse callRoot(String path, Map<String, ?> json) {
    return sendJson(gateway, "POST", path, json);
  }

  /**
   * Reads on a URL that names no service.
   *
   * @param path below {@code /gateway/}
   */
  TestResponse listModels(String path) {
    return send(gateway, "GET", "/gateway/" + path);
  }

  /** Calls an operation through a project. */
  TestResponse callProject(String project, String operation) {
    return sendJson(gateway, "POST", "/gateway/projects/" + project + "/" + operation, HELLO);
  }

  /** The sum of the node's metrics whose lines begin like this. */
  double metric(String beginning) {
    return get("/metrics")
        .isStatus(200)
        .body()
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private TestResponse send(URI server, String method, String path) {
    return seen(client(server).send(method, path, BodyPublishers.noBody()));
  }

  private TestResponse sendJson(URI server, String method, String path, Map<String, ?> json) {
    return seen(client(server).json(method, path, json));
  }

  private TestClient client(URI server) {
    return TestClient.of(server).withToken(token);
  }

  private TestResponse seen(TestResponse response) {
    responses.accept(response.headers().map() + "\n" + response.body());
    return response;
  }
}
